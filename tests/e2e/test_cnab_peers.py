# SPDX-License-Identifier: Apache-2.0
"""Files of three banks, with other people's software at the other end: it reads our remessas field
by field, writes the same ones from the same boletos, and writes the retornos that we book.

Needs the folder of cnab_peers.py, named by CAUSEWAY_PEERS; skipped where that or a peer is missing.
"""

import decimal
import json
import re
import unittest
import warnings

import cnab_meant as meant
import cnab_peers
from cnab_house import BENEFICIARY, TAX_ID, BankHouse, long, short
from cnab_peers import Farialimer, Node, check

QR = "00020126580014br.gov.bcb.pix0136fictitious5204000053039865802BR5904LOJA6006RECIFE63041D3D"


class Files(unittest.TestCase):
    """A house for each class, made when first wanted: a test without its peer costs nothing, and
    is skipped as a test."""

    bank = more = None
    shared = None

    def setUp(self):
        cnab_peers.folder()

    @classmethod
    def tearDownClass(cls):
        if cls.shared:
            cls.shared.stop()
            cls.shared = None

    @property
    def house(self):
        """Its three boletos are in the first remessa."""
        cls = type(self)
        if cls.shared is None:
            cls.shared = BankHouse(self.bank, self.more)
            cls.shared.bill()
            cls.shared.first = cls.shared.remessa()
        return cls.shared

    def book(self, lines, kinds, doubted=()):
        """Reads a retorno that a peer wrote; `kinds` is what it tells, and `doubted` the verdict on
        what a person must look at. There is no fault."""
        done = self.house.retorno(lines, f"{self.id()}.ret")
        self.assertTrue(done.stdout, done.stderr)
        told = json.loads(done.stdout)
        self.assertEqual(told["faults"], [])
        self.assertEqual([it["verdict"] for it in told["not_believed"]], list(doubted))
        self.assertEqual({kind: it["lines"] for kind, it in told["kinds"].items()}, kinds)

    def status(self, number):
        payment = self.house.payment(self.house.titles[number - 1])
        return payment["status"], payment["amount_captured"]

    def read_by_pycobranca(self, *account):
        """What it sees in a retorno of the bank for tests: the payment, after the confirmations."""
        retorno = cnab_peers.package("pycobranca.cnab").Retorno
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # It has no table for Banco do Brasil's CNAB 240.
            rows = retorno.ler(self.house.sandbox_retorno(*account)).registros
        # It takes Itaú's record of type 3, and what stands behind the trailer, for titles.
        kind = "3" if self.bank == "banco_do_brasil" else "1"
        rows = [it for it in rows if it.codigo_registro == kind]
        self.assertEqual([it.codigo_ocorrencia for it in rows], ["02", "02", "02", "06"])
        paid, title = rows[3], self.house.titles[0]
        self.assertEqual(int(paid.valor_titulo), title.amount)
        self.assertEqual(int(paid.valor_tarifa), 199)
        self.assertIn(short(self.house.today), (paid.data_ocorrencia, long_to_short(paid)))
        return paid

    def receipts(self, number):
        """(amount, cost) of what was paid for a boleto."""
        wanted = self.house.titles[number - 1].payment
        return [(it["amount"], it["cost"]) for it in self.house.receipts()
                if it["payment"] == wanted]

    def same_but(self, theirs, ours, free):
        """Line by line; `free` is {record: columns that may differ, as first and last}."""
        self.assertEqual(len(ours), len(theirs))
        for mine, other in zip(ours, theirs):
            kind = kind_of(mine)
            self.assertEqual(len(mine), len(other), kind)
            apart = [at for at, (a, b) in enumerate(zip(mine, other), 1) if a != b and
                     not any(first <= at <= last for first, last in free.get(kind, ()))]
            self.assertEqual(apart, [], f"{kind}\n{mine}\n{other}")


def long_to_short(row):
    return row.data_ocorrencia[:4] + row.data_ocorrencia[6:]


def kind_of(line):
    return line[0] if len(line) == 400 else line[7] + line[13].strip()


def pagamentos(house, own):
    """The boletos as pycobranca has them; `own` makes our name of one."""
    pagamento = cnab_peers.package("pycobranca.cnab").Pagamento
    made = []
    for it in house.titles:
        more = {}
        if it.charges:
            more = {"codigo_multa": "2", "percentual_multa": 2.0, "data_multa": it.late,
                    "tipo_mora": "1", "valor_mora": it.interest / 100, "data_mora": it.late}
        if it.discount:
            more |= {"cod_desconto": "1", "valor_desconto": it.discount / 100,
                     "data_desconto": it.discount_until}
        made.append(pagamento(
            nosso_numero=str(it.number), data_vencimento=it.due, valor=it.amount / 100,
            documento_sacado=it.tax_id, nome_sacado=it.name, endereco_sacado=it.street,
            bairro_sacado=it.place["district"], cep_sacado=it.place["postal_code"],
            cidade_sacado=it.place["city"], uf_sacado=it.place["state"],
            data_emissao=house.today, numero=str(it.number), documento=own(it.number),
            especie_titulo="01", **more))
    return made


def pycobranca(kind, house, own, **more):
    """The lines of its remessa with our three boletos."""
    remessa = getattr(cnab_peers.package("pycobranca.cnab"), kind)(
        pagamentos=pagamentos(house, own), empresa_mae=BENEFICIARY, documento_cedente=TAX_ID,
        **more)
    return remessa.gera_arquivo().split("\r\n")[:-1]


def farialimer_amount(cents):
    """farialimer 0.2.1 takes the 9 of V9(2) for the number of decimals."""
    return decimal.Decimal(cents).scaleb(-9)


class Itau(Files):
    bank = "itau"
    more = ('branch = "0057"\naccount = "72192"\nwallet = "109"\n'
            'instruction_codes = ["09"]\ninstruction_days = 5')
    records = "01212" "19"  # The third boleto has no fine.
    occurrence, instruction, days = "01", "09", 5

    def test_farialimer_reads_the_remessa_as_it_was_meant(self):
        peer, house = Farialimer(), self.house
        self.assertEqual("".join(it[0] for it in house.first), self.records)
        titles = iter(house.titles)
        for at, line in enumerate(house.first, 1):
            if line[0] == "0":
                record, want = "0", meant.itau_header(house)
            elif line[0] == "1":
                title = next(titles)
                record, want = "1REM", meant.itau_title(
                    house, title, self.occurrence, self.instruction, self.days)
            else:
                record, want = line[0] + "REM", {
                    "2": {"codigo_multa": 2, "multa": 200, "data_multa": long(title.late)},
                    "3": {"chave_pix": "chave@loja.example"}, "9": {}}[line[0]]
                want["tipo_registro"] = line[0]
            check(self, peer.read(record, [line])[0], {**want, "numero_sequencial": at})

    def test_banco_br_reads_the_fine_as_it_was_meant(self):
        fines = [it for it in self.house.first if it[0] == "2"]
        told = Node("banco_br").read("cnab400/341/remessa/detalhe_multa", fines)
        for row, line, title in zip(told, fines, self.house.titles):
            check(self, row, {"tipo_registro": 2, "codigo_multa": 2, "valor_multa": 200,
                              "data_multa": long(title.late), "numero_sequencial": line[394:]})

    # It has no record for the fine, fills numbers with zeros, and drops punctuation.
    def test_pycobranca_writes_the_same_titles(self):
        theirs = pycobranca("RemessaItau400", self.house, lambda it: f"{it:08d}", agencia="0057",
                            conta_corrente="72192", digito_conta="0", carteira="109",
                            data_geracao=self.house.today)
        ours = [it for it in self.house.first if it[0] not in "23"]
        number = (395, 400)  # Lines are not the same without the others.
        self.same_but(theirs, ours, {"1": [
            (109, 120),  # Occurrence 71 of a boleto Pix; seu número.
            (157, 158), (235, 314), (386, 393), number], "9": [number]})

    def test_farialimer_sees_the_write_off(self):
        peer, lines = Farialimer(), self.house.withdrawn()
        title = peer.read("1REM", [lines[1]])[0]
        self.assertEqual((title["codigo_ocorrencia"], title["nosso_numero"], len(lines)),
                         ("02", "00000004", 3))

    def test_pycobranca_reads_the_sandbox_bank(self):
        paid = self.read_by_pycobranca("--bank", "itau", "--branch", "0057", "--account", "72192",
                                       "--wallet", "109")
        self.assertEqual(int(paid.valor_recebido), 12_345 - 199)
        self.assertEqual((paid.nosso_numero, paid.carteira_variacao, paid.cedente_com_dv),
                         ("00000001", "109", "721920"))

    def file(self, peer, sequence, rows):
        """A retorno. A row is (occurrence, number of the boleto, more)."""
        day = short(self.house.today)
        return getattr(self, f"by_{peer}")(sequence, day, rows)

    def by_farialimer(self, sequence, day, rows):
        day = int(day)
        out = [("0RET", {
            "tipo_registro": 0, "codigo_retorno": 2, "literal_retorno": "RETORNO",
            "codigo_servico": 1, "literal_servico": "COBRANCA", "agencia": 57, "conta": 72192,
            "nome_empresa": BENEFICIARY, "codigo_banco": 341, "nome_banco": "BANCO ITAU SA",
            "data_geracao": day, "numero_sequencial_arquivo_retorno": sequence,
            "numero_sequencial": 1})]
        for occurrence, number, more in rows:
            own = dict.fromkeys(("nosso_numero", "nosso_numero_2", "nosso_numero_3"), number)
            out.append(("1RET", {
                "tipo_registro": 1, "codigo_inscricao": 2, "numero_inscricao": int(TAX_ID),
                "agencia": 57, "conta": 72192, "uso_empresa": f"{number:08d}", "carteira": 109,
                "carteira_2": "I", "codigo_ocorrencia": occurrence, "data_ocorrencia": day,
                "codigo_banco": 341, "numero_sequencial": len(out) + 1, **own,
                "valor_principal": farialimer_amount(more.get("credited", 0)),
                "juros_mora_multa": farialimer_amount(more.get("interest", 0)),
                "tarifa_cobranca": farialimer_amount(more.get("tariff", 0)),
                "data_credito": day if more.get("credited") else None,
                "erros_mensagem_informativa": more.get("reasons", ""),
                "codigo_liquidacao": more.get("channel", "")}))
            if "pix" in more:
                out.append(("3RET", {
                    "tipo_registro": 3, "emv_qr_code": more["pix"], "numero_sequencial":
                    len(out) + 1, "codigo_erro_pix": more.get("pix_error", 0)}))
        out.append(("9RET", {
            "tipo_registro": 9, "codigo_retorno": 2, "codigo_servico": 1, "codigo_banco": 341,
            "controle_arquivo": sequence, "quantidade_detalhes": len(rows),
            "numero_sequencial": len(out) + 1}))
        return Farialimer().write(out)

    def by_banco_br(self, sequence, day, rows):
        full = long(self.house.today)
        at = "cnab400/341/retorno/"
        out = [(at + "header_arquivo", {
            "literal_de_retorno": "RETORNO", "literal_de_servico": "COBRANCA", "cobranca": "57",
            "conta": "72192", "nome_da_empresa": BENEFICIARY, "codigo_do_banco": "341",
            "nome_do_banco": "BANCO ITAU SA", "data_de_geracao": full,
            "n_seq_arquivo_ret": str(sequence), "numero_sequencial": "1"})]
        for occurrence, number, more in rows:
            own = dict.fromkeys(("nosso_numero", "nosso_numero_dup", "nosso_numero_dup2"), number)
            out.append((at + "detalhe", {
                "codigo_de_inscricao": "2", "numero_de_inscricao": TAX_ID, "agencia": "57",
                "conta": "72192", "uso_da_empresa": f"{number:08d}", "carteira": "109",
                "carteira_cod": "I", "codigo_de_ocorrencia": f"{occurrence:02d}",
                "data_de_ocorrencia": full, "codigo_do_banco": "341", **own,
                "valor_principal": more.get("credited", 0) / 100,
                "valor_mora_multa": more.get("interest", 0) / 100,
                "valor_tarifa": more.get("tariff", 0) / 100,
                "data_credito": day if more.get("credited") else "000000",
                "erros": more.get("reasons", ""), "codigo_liquidacao": more.get("channel", ""),
                "numero_sequencial": str(len(out) + 1)}))
        out.append((at + "trailer_arquivo", {
            "codigo_do_banco": "341", "controle_do_arquivo": str(sequence),
            "qtde_de_detalhes": str(len(rows)), "numero_sequencial": str(len(out) + 1)}))
        return Node("banco_br").write(out)

    def both(self, sequence, rows):
        """What both peers write for these rows. farialimer leaves a numeric `especie` blank."""
        one, other = (self.file(peer, sequence, rows) for peer in ("farialimer", "banco_br"))
        self.same_but(one, other, {"1": [(174, 175)], "0": [(101, 119)]})
        return one

    def test_the_retornos_of_two_peers_are_booked(self):
        self.book(self.both(1, [(2, 1, {}), (2, 2, {}), (3, 3, {"reasons": "0810"})]),
                  {"told": 2, "instrument_refused": 1})
        self.assertEqual(self.status(3), ("failed", 0))
        error = self.house.payment(self.house.titles[2])["last_error"]["detail"]
        self.assertIn("08 payer name missing; 10 street missing", error)
        self.book(self.both(2, [
            (95, 1, {}),
            (6, 1, {"credited": 12_000, "tariff": 345, "channel": "B2"}),
            (17, 2, {"reasons": "18"}), (9, 2, {}), (29, 1, {"tariff": 350}),
            (72, 99_999_999, {"credited": 500}),
            ]), {"received": 2, "told": 2, "instrument_ended": 1, "charged": 1},
            doubted=["unknown_reference"])
        self.assertEqual(self.status(1), ("succeeded", 12_345))
        self.assertEqual(self.receipts(1), [(12_345, 345)])
        self.assertEqual(self.status(2), ("expired", 0))


class ItauPix(Itau):
    more = ('branch = "0057"\naccount = "72192"\nwallet = "109"\n'
            'hybrid = true\npix_key = "chave@loja.example"')
    records = "0123123139"
    occurrence, instruction, days = "71", "", ""

    # banco_br has no record of type 3.
    def test_the_retornos_of_two_peers_are_booked(self):
        self.book(self.file("farialimer", 1, [
            (2, 1, {"pix": QR}), (2, 2, {"pix": "", "pix_error": 8}), (10, 2, {}),
            (10, 1, {"credited": 12_345})]), {"told": 3, "received": 1})
        self.assertEqual(self.status(1), ("succeeded", 12_345))
        self.assertEqual(self.status(2), ("requires_action", 0))
        self.assertEqual(self.receipts(1), [(12_345, 0)])


class Bradesco(Files):
    bank = "bradesco"
    more = ('branch = "1234"\naccount = "56789"\naccount_digit = "1"\nwallet = "09"\n'
            'company_code = "4628596"')

    def test_nodenab_reads_the_remessa_as_it_was_meant(self):
        house, peer = self.house, Node("nodenab")
        header, *details, trailer = house.first
        check(self, peer.read("remessa.header_arquivo", [header])[0],
              meant.bradesco_header_of_nodenab(house))
        told = peer.read("remessa.detalhes.segmento_1", details)
        for at, (row, title) in enumerate(zip(told, house.titles), 2):
            check(self, row, {**meant.bradesco_title_of_nodenab(house, title),
                              "sequencial_registro": at})
        check(self, peer.read("remessa.trailer_arquivo", [trailer])[0],
              {"codigo_registro": 9, "sequencial_registro": 5})

    def test_banco_br_reads_the_remessa_as_it_was_meant(self):
        house, peer = self.house, Node("banco_br")
        header, *details, trailer = house.first
        at = "cnab400/237/remessa/"
        check(self, peer.read(at + "header_arquivo", [header])[0],
              meant.bradesco_header_of_banco_br(house))
        told = peer.read(at + "detalhe", details)
        for number, (row, title) in enumerate(zip(told, house.titles), 2):
            check(self, row, {**meant.bradesco_title_of_banco_br(house, title),
                              "numero_sequencial": number})
        check(self, peer.read(at + "trailer_arquivo", [trailer])[0],
              {"tipo_registro": 9, "numero_sequencial": 5})

    # It says zeros of a debit that is none, drops punctuation, and adds the city to the street.
    def test_pycobranca_writes_the_same_titles(self):
        theirs = pycobranca("RemessaBradesco400", self.house, lambda it: f"{it:011d}",
                            agencia="1234", conta_corrente="56789", digito_conta="1",
                            carteira="09", codigo_empresa="4628596", data_geracao=self.house.today)
        self.same_but(theirs, self.house.first, {"1": [(7, 7), (20, 20), (235, 314)]})

    # A file of the bank's, of May 2016 and number 1, that nodejs-cnab shows its readers: a boleto
    # of wallet 25, which is nobody's here.
    def test_the_banks_own_file_is_read(self):
        place = cnab_peers.folder() / "node_modules" / "@banco-br" / "nodejs-cnab" / "README.md"
        if not place.is_file():
            self.skipTest(f"NOT TESTED: no {place}")
        shown = re.search("exampleRetorno = `(.*?)`", place.read_text(encoding="utf-8"), re.DOTALL)
        self.book(shown[1].split("\n"), {"received": 1}, doubted=["unknown_reference"])

    def test_nodenab_sees_the_write_off(self):
        peer, lines = Node("nodenab"), self.house.withdrawn()
        title = peer.read("remessa.detalhes.segmento_1", [lines[1]])[0]
        self.assertEqual((title["identificacao_ocorrencia"], title["nosso_numero"], len(lines)),
                         (2, 4, 3))

    def test_pycobranca_reads_the_sandbox_bank(self):
        paid = self.read_by_pycobranca("--bank", "bradesco", "--branch", "1234", "--account",
                                       "56789", "--account-digit", "1", "--wallet", "09",
                                       "--company-code", "4628596")
        self.assertEqual(int(paid.valor_recebido), 12_345)
        self.assertEqual((paid.nosso_numero, paid.carteira, paid.cedente_com_dv),
                         ("000000000011", "009", "00567891"))

    def file(self, sequence, rows):
        """By banco_br; the trailer with its counts by nodenab."""
        day, at = long(self.house.today), "cnab400/237/retorno/"
        out = [(at + "header_arquivo", {
            "literal_de_retorno": "RETORNO", "literal_de_servico": "COBRANCA",
            "codigo_cedente": "4628596", "nome_da_empresa": BENEFICIARY, "codigo_do_banco": "237",
            "nome_do_banco": "BRADESCO", "data_de_geracao": day,
            "numero_aviso_bancario": str(sequence), "numero_sequencial": "1"})]
        for occurrence, number, more in rows:
            digit = "1P8"[number - 1]
            out.append((at + "detalhe", {
                "codigo_de_inscricao": "2", "numero_de_inscricao": TAX_ID, "carteira": "9",
                "agencia": "1234", "conta": "56789", "conta_dac": "1",
                "uso_da_empresa": f"{number:011d}", "nosso_numero": str(number),
                "nosso_numero_dv": digit, "carteira_cod": "9",
                "codigo_de_ocorrencia": f"{occurrence:02d}", "data_de_ocorrencia": day,
                "nosso_numero_dup": f"{number:011d}{digit}", "codigo_do_banco": "237",
                "valor_principal": more.get("paid", 0) / 100,
                "valor_tarifa": more.get("tariff", 0) / 100,
                "valor_outras_despesas": more.get("expenses", 0) / 100,
                "data_credito": day if more.get("paid") else "",
                "motivo_rejeicao": more.get("reasons", "00").ljust(10, "0"),
                "numero_sequencial": str(len(out) + 1)}))
        return Node("banco_br").write(out) + self.trailer(sequence, rows)

    @staticmethod
    def trailer(sequence, rows):
        count = {kind: sum(it[0] in kind for it in rows)
                 for kind in ((2,), (6,), (9, 10), (13,), (14,), (12,), (19,))}
        data = {"codigo_registro": 9, "identificacao_retorno": 2, "tipo_registro": "01",
                "codigo_banco": 237, "quantidade_cobranca": 0, "valor_cobranca": 0,
                "aviso_bancario": sequence, "valor_registros_ocorrencia_06": 0,
                "total_rateios": 0, "quantidade_rateios": 0, "sequencial_registro": len(rows) + 2}
        data |= {f"brancos_0{at}": "" for at in range(1, 5)}
        for kind, number in count.items():
            name = "_".join(f"{it:02d}" for it in kind)
            data |= {f"quantidade_ocorrencia_{name}": number, f"valor_ocorrencia_{name}": 0}
        return Node("nodenab").write([("retorno.trailer_arquivo", data)])

    def test_the_retornos_of_two_peers_are_booked(self):
        self.book(self.file(2, [(2, 1, {}), (2, 2, {"reasons": "76"}), (3, 3, {"reasons": "45"})]),
                  {"told": 2, "instrument_refused": 1})
        self.assertEqual(self.status(3), ("failed", 0))
        self.book(self.file(3, [
            (16, 1, {}), (6, 1, {"paid": 12_345, "tariff": 185}), (27, 2, {"reasons": "60"}),
            (10, 2, {"reasons": "16"}), (17, 2, {"paid": 1_000_005}),
            (28, 1, {"tariff": 250, "expenses": 100, "reasons": "08"})]),
            {"received": 2, "told": 2, "instrument_ended": 1, "charged": 1})
        self.assertEqual(self.status(1), ("succeeded", 12_345))
        self.assertEqual(self.receipts(1), [(12_345, 185)])
        self.assertEqual(self.receipts(2), [(1_000_005, 0)])


class BancoDoBrasil(Files):
    bank = "banco_do_brasil"
    more = ('branch = "3286"\naccount = "7536"\nwallet = "17"\nagreement = "3294860"\n'
            'wallet_variation = "019"')

    def test_banco_br_reads_the_remessa_as_it_was_meant(self):
        house, peer = self.house, Node("banco_br")
        at = "cnab240/001/"
        first, batch, *details, batch_end, end = house.first
        check(self, peer.read(at + "header_arquivo", [first])[0],
              meant.bb_file_header(house, first[151:157]))
        check(self, peer.read(at + "header_lote", [batch])[0], meant.bb_batch_header(house))
        for number, line in enumerate(details, 1):
            letter, title = line[13], house.titles[(number - 1) // 3]
            want = {"P": lambda it: meant.bb_p(house, it), "Q": meant.bb_q,
                    "R": meant.bb_r}[letter](title)
            check(self, peer.read(f"{at}remessa/detalhe_segmento_{letter.lower()}", [line])[0],
                  {**meant.bb_segment(letter, number), **want})
        self.assertEqual("".join(it[13] for it in details), "PQRPQRPQR")
        check(self, peer.read(at + "trailer_lote", [batch_end])[0],
              {"codigo_banco": 1, "lote_servico": 1, "tipo_registro": 5, "qtde_registro_lote": 11})
        check(self, peer.read(at + "trailer_arquivo", [end])[0],
              {"codigo_banco": 1, "lote_servico": 9999, "tipo_registro": 9, "qtde_lotes": 1,
               "qtde_registros": 13})

    # It says zeros where the bank wants blanks, blanks where it wants zeros, drops punctuation,
    # and puts our name of the boleto at the right end.
    def test_pycobranca_writes_the_same_segments(self):
        first = self.house.first[0]
        theirs = pycobranca("RemessaBancoBrasil240", self.house, str, agencia="3286",
                            conta_corrente="7536", carteira="17", convenio="3294860",
                            variacao="019", data_geracao_fixa=long(self.house.today),
                            hora_geracao_fixa=first[151:157])
        self.same_but(theirs, self.house.first, {
            "0": [(120, 122), (172, 211)], "3P": [(196, 220)], "3Q": [(34, 113)],
            "5": [(24, 240)], "9": [(30, 35)]})

    def test_banco_br_sees_the_write_off(self):
        peer, lines = Node("banco_br"), self.house.withdrawn()
        title = peer.read("cnab240/001/remessa/detalhe_segmento_p", [lines[2]])[0]
        self.assertEqual((title["codigo_ocorrencia"], title["nosso_numero"].strip(), len(lines)),
                         ("02", "32948600000000004", 7))

    # Its generic table takes eleven digits of the number, from the wrong place.
    def test_pycobranca_reads_the_sandbox_bank(self):
        paid = self.read_by_pycobranca("--bank", "bb", "--branch", "3286", "--account", "7536",
                                       "--wallet", "17", "--agreement", "3294860")
        self.assertEqual(int(paid.valor_recebido), 12_345)
        self.assertEqual((paid.nosso_numero, paid.agencia_com_dv, paid.cedente_com_dv),
                         ("00000001", "032867", "0000000075361"))

    def file(self, sequence, rows):
        day, at = long(self.house.today), "cnab240/001/"
        who = {"codigo_banco": "001", "codigo_inscricao": "2", "numero_inscricao": TAX_ID,
               "codigo_convenio": "3294860", "agencia": "3286", "agencia_dv": "7", "conta": "7536",
               "conta_dv": "1", "nome_empresa": BENEFICIARY, "data_geracao": day,
               "numero_sequencial_arquivo": str(sequence)}
        out = [(at + "header_arquivo", {**who, "nome_banco": "BANCO DO BRASIL S.A.",
                                        "codigo_remessa_retorno": "2", "hora_geracao": "120000"}),
               (at + "header_lote", {**who, "lote_servico": "1", "tipo_operacao": "T"})]
        out[0][1]["data_geracao"] = day
        for occurrence, number, more in rows:
            for letter in "TU":
                out.append((f"{at}retorno/detalhe_segmento_{letter.lower()}", {
                    "codigo_banco": "001", "lote_servico": "1", "tipo_registro": "3",
                    "numero_sequencial_lote": str(len(out) - 1),
                    "numero_sequencial_registro": str(len(out) - 1), "codigo_segmento": letter,
                    "codigo_movimento": f"{occurrence:02d}", "agencia_mantenedora": "3286",
                    "agencia_dv": "7", "codigo_cedente": "7536", "codigo_cedente_dv": "1",
                    "nosso_numero": f"3294860{number:010d}".ljust(20), "codigo_carteira": "7",
                    "numero_documento": f"{number:015d}",
                    "uso_empresa": f"3294860{number:010d}",
                    "valor_tarifa": more.get("tariff", 0) / 100,
                    "identificacao_rejeicao": more.get("reasons", ""),
                    "valor_pago": more.get("paid", 0) / 100,
                    "valor_liquido": more.get("credited", 0) / 100,
                    "data_ocorrencia": day, "data_credito": day if more.get("paid") else ""}))
        out.append((at + "trailer_lote", {"codigo_banco": "001", "lote_servico": "1",
                                          "qtde_registro_lote": str(len(out))}))
        out.append((at + "trailer_arquivo", {"codigo_banco": "001", "qtde_lotes": "1",
                                             "qtde_registros": str(len(out) + 1)}))
        return Node("banco_br").write(out)

    def test_the_retornos_of_a_peer_are_booked(self):
        self.book(self.file(1, [(2, 1, {}), (2, 2, {"reasons": "A4"}), (3, 3, {"reasons": "46"})]),
                  {"told": 2, "instrument_refused": 1})
        self.assertEqual(self.status(3), ("failed", 0))
        self.book(self.file(2, [
            (50, 1, {}),
            (6, 1, {"paid": 12_345, "credited": 12_045, "tariff": 300, "reasons": "04"}),
            (26, 2, {"reasons": "60"}), (9, 2, {"reasons": "10"}),
            (17, 2, {"paid": 1_000_005, "credited": 1_000_005, "reasons": "61"}),
            (28, 1, {"tariff": 150, "reasons": "02"})]),
            {"received": 2, "told": 2, "instrument_ended": 1, "charged": 1})
        self.assertEqual(self.status(1), ("succeeded", 12_345))
        self.assertEqual(self.receipts(1), [(12_345, 300)])
        self.assertEqual(self.receipts(2), [(1_000_005, 0)])


if __name__ == "__main__":
    unittest.main()
