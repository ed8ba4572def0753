# SPDX-License-Identifier: Apache-2.0
"""What each peer of cnab_peers.py should see in our remessas: its own names of fields, and what was
meant. A field that is not here should be empty."""

from cnab_house import BENEFICIARY, TAX_ID, long, short
from cnab_peers import nodenab_amount


def postal_code(title):
    return title.place["postal_code"].replace("-", "")


def city(title):
    return "RECIFE" if title.person == 1 else "JABOATAO DOS GU"


def day_of(title, what, form):
    """Nothing where the boleto has none of it."""
    if what == "late":
        return form(title.late) if title.charges else ""
    return form(title.discount_until) if title.discount else ""


def itau_header(house):
    return {"operacao": 1, "literal_remessa": "REMESSA", "codigo_servico": 1,
            "literal_servico": "COBRANCA", "agencia": 57, "conta": 72192,
            "nome_empresa": BENEFICIARY, "codigo_banco": 341, "nome_banco": "BANCO ITAU SA",
            "data_geracao": short(house.today), "numero_sequencial": 1}


def itau_title(house, title, occurrence, instruction, days):
    return {"tipo_registro": 1, "codigo_inscricao": 2, "numero_inscricao": TAX_ID, "agencia": 57,
            "conta": 72192, "uso_empresa": title.number, "nosso_numero": title.number,
            "numero_carteira": 109, "carteira": "I", "codigo_ocorrencia": occurrence,
            "numero_documento": title.number, "vencimento": short(title.due),
            "valor_boleto": title.amount, "codigo_banco": 341, "especie": 1, "aceite": "N",
            "data_emissao": short(house.today), "instrucao_1": instruction, "prazo": days,
            "juros_1_dia": title.interest, "data_mora": day_of(title, "late", short),
            "desconto_ate": day_of(title, "discount", short), "valor_desconto": title.discount,
            "codigo_inscricao_2": title.person, "numero_inscricao_2": title.tax_id,
            "nome": title.name[:30], "logradouro": title.street,
            "bairro": title.place["district"].upper(), "cep": postal_code(title),
            "cidade": city(title), "estado": "PE"}


def bradesco_header_of_nodenab(house):
    return {"tipo_operacao": 1, "tipo_operacao_extenso": "REMESSA", "codigo_servico": 1,
            "codigo_servico_extenso": "COBRANCA", "codigo_empresa": 4628596,
            "nome_empresa": BENEFICIARY, "codigo_banco": 237, "nome_banco": "BRADESCO",
            "data_gravacao": short(house.today), "id_sistema": "MX", "sequencial_arquivo": 1,
            "sequencial_registro": 1}


def bradesco_title_of_nodenab(house, title):
    return {"codigo_registro": 1, "identificacao_empresa": "00090123400567891",
            "numero_controle": title.number, "campo_multa": 2 if title.charges else 0,
            "percentual_multa": 2 if title.charges else 0, "nosso_numero": title.number,
            "verificador_nosso_numero": "1P8"[title.number - 1], "condicao_emissao": 2,
            "identificacao_debito_automatico": "N", "aviso_debito_automatico": 2,
            "identificacao_ocorrencia": 1, "numero_documento": title.number,
            "vencimento": short(title.due), "valor": nodenab_amount(title.amount), "especie": 1,
            "aceite": "N", "data_emissao": short(house.today),
            "valor_dia_atraso": nodenab_amount(title.interest),
            "data_limite_desconto": day_of(title, "discount", short),
            "valor_desconto": nodenab_amount(title.discount), "tipo_inscricao": title.person,
            "numero_inscricao": title.tax_id, "nome": title.name[:40], "endereco": title.street,
            "cep": postal_code(title)[:5], "sufixo_cep": postal_code(title)[5:]}


def bradesco_header_of_banco_br(house):
    return {"tipo_operacao": 1, "literal_remessa": "REMESSA", "codigo_servico": 1,
            "literal_servico": "COBRANCA", "codigo_cedente": 4628596, "razao_social": BENEFICIARY,
            "codigo_banco": 237, "nome_banco": "BRADESCO", "data_geracao": short(house.today),
            "numero_aviso_bancario": "MX", "sequencial_remessa": 1, "numero_sequencial": 1}


def bradesco_title_of_banco_br(house, title):
    return {"tipo_registro": 1, "numero_carteira": 9, "agencia": 1234, "conta": 56789,
            "conta_dv": 1, "uso_empresa": title.number, "multa": 2 if title.charges else 0,
            "valor_multa": 200 if title.charges else 0, "nosso_numero": title.number,
            "digito_nosso_numero": "1P8"[title.number - 1], "condicao_emissao": 2,
            "emissao_para_debito": "N", "zeros03": 2, "codigo_ocorrencia": 1,
            "numero_documento": title.number, "vencimento": short(title.due),
            "valor_titulo": title.amount, "especie": 1, "aceite": "N",
            "data_emissao": short(house.today), "juros_um_dia": title.interest,
            "desconto_ate": day_of(title, "discount", short), "valor_desconto": title.discount,
            "sacado_codigo_inscricao": title.person, "sacado_numero_inscricao": title.tax_id,
            "nome": title.name[:40], "logradouro": title.street, "cep": postal_code(title)}


def bb_file_header(house, hour):
    return {"codigo_banco": 1, "codigo_inscricao": 2, "numero_inscricao": TAX_ID,
            "codigo_convenio": 3294860, "cobranca_cedente": 14, "carteira": 17,
            "variacao_carteira": 19, "agencia": 3286, "agencia_dv": 7, "conta": 7536,
            "conta_dv": 1, "nome_empresa": BENEFICIARY, "nome_banco": "BANCO DO BRASIL S.A.",
            "codigo_remessa_retorno": 1, "data_geracao": long(house.today), "hora_geracao": hour,
            "numero_sequencial_arquivo": 1, "versao_layout_arquivo": 83}


def bb_batch_header(house):
    return {"codigo_banco": 1, "lote_servico": 1, "tipo_registro": 1, "tipo_operacao": "R",
            "tipo_servico": 1, "versao_layout_lote": 42, "codigo_inscricao": 2,
            "numero_inscricao": TAX_ID, "codigo_convenio": 3294860, "cobranca_cedente": 14,
            "carteira": 17, "variacao_carteira": 19, "agencia": 3286, "agencia_dv": 7,
            "conta": 7536, "conta_dv": 1, "nome_empresa": BENEFICIARY,
            "numero_sequencial_arquivo": 1, "data_geracao": long(house.today)}


def bb_segment(letter, at):
    return {"codigo_banco": 1, "lote_servico": 1, "tipo_registro": 3,
            "numero_sequencial_lote": at, "codigo_segmento": letter, "codigo_ocorrencia": 1}


def bb_p(house, title):
    own = f"3294860{title.number:010d}"
    return {"agencia": 3286, "agencia_dv": 7, "conta": 7536, "conta_dv": 1, "nosso_numero": own,
            "codigo_carteira": 7, "forma_cadastramento": 1, "numero_documento": title.number,
            "vencimento": long(title.due), "valor_titulo": title.amount, "especie": 2,
            "aceite": "N", "data_emissao": long(house.today),
            "codigo_juros_mora": 1 if title.charges else 3,
            "data_juros_mora": day_of(title, "late", long), "valor_juros_mora": title.interest,
            "codigo_desconto_1": 1 if title.discount else 0,
            "data_desconto_1": day_of(title, "discount", long),
            "valor_desconto_1": title.discount, "uso_empresa": own, "codigo_protesto": 3,
            "codigo_moeda": 9}


def bb_q(title):
    return {"sacado_codigo_inscricao": title.person, "sacado_numero_inscricao": title.tax_id,
            "nome": title.name[:40], "logradouro": title.street,
            "bairro": title.place["district"].upper(), "cep": postal_code(title),
            "cidade": city(title), "estado": "PE"}


def bb_r(title):
    if not title.charges:
        return {}
    return {"codigo_multa": 2, "data_multa": long(title.late), "valor_multa": 200}
