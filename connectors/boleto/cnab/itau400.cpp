// SPDX-License-Identifier: Apache-2.0
//
// The records of Itaú's CNAB 400. Types 4 (rateio) and 5 (e-mail) are not sent and not read.
//
// Source: Itaú, "Cobrança CNAB 400", July 2021.
#include "connectors/boleto/cnab/layout.h"

namespace causeway::connectors::cnab {
namespace {

using enum Role;

// clang-format off

constexpr Field kRemessaHeader[] = {
    {1, 1, "9(1)", "tipo_de_registro", record_type, "0"},
    {2, 2, "9(1)", "operacao", direction, "1"},
    {3, 9, "X(7)", "literal_de_remessa", literal, "REMESSA"},
    {10, 11, "9(2)", "codigo_do_servico", service, "01"},
    {12, 26, "X(15)", "literal_de_servico", service_literal, "COBRANCA"},
    {27, 30, "9(4)", "agencia", branch},
    {31, 32, "9(2)", "zeros_031"},
    {33, 37, "9(5)", "conta", account},
    {38, 38, "9(1)", "dac", account_digit},
    {39, 46, "X(8)", "brancos_039"},
    {47, 76, "X(30)", "nome_da_empresa", beneficiary_name},
    {77, 79, "9(3)", "codigo_do_banco", bank_code, "341"},
    {80, 94, "X(15)", "nome_do_banco", none, "BANCO ITAU SA"},
    {95, 100, "9(6)", "data_de_geracao", generated_on},
    {101, 394, "X(294)", "brancos_101"},
    {395, 400, "9(6)", "numero_sequencial", line_sequence},
};
static_assert(tiles(kRemessaHeader, 400));

constexpr Field kRemessaTitle[] = {
    {1, 1, "9(1)", "tipo_de_registro", record_type, "1"},
    {2, 3, "9(2)", "codigo_de_inscricao", beneficiary_document_type},
    {4, 17, "9(14)", "numero_de_inscricao", beneficiary_document},
    {18, 21, "9(4)", "agencia", branch},
    {22, 23, "9(2)", "zeros_022"},
    {24, 28, "9(5)", "conta", account},
    {29, 29, "9(1)", "dac", account_digit},
    {30, 33, "X(4)", "brancos_030"},
    {34, 37, "9(4)", "instrucao_alegacao"},
    {38, 62, "X(25)", "uso_da_empresa", control},
    {63, 70, "9(8)", "nosso_numero", our_number},
    {71, 83, "9(8)V9(5)", "qtde_de_moeda"},
    {84, 86, "9(3)", "n_da_carteira", wallet},
    {87, 107, "X(21)", "uso_do_banco_087"},
    {108, 108, "X(1)", "carteira", none, "I"},
    {109, 110, "9(2)", "cod_de_ocorrencia", occurrence},
    {111, 120, "X(10)", "n_do_documento", document},
    {121, 126, "9(6)", "vencimento", due_on},
    {127, 139, "9(11)V9(2)", "valor_do_titulo", title_amount},
    {140, 142, "9(3)", "codigo_do_banco", bank_code, "341"},
    {143, 147, "9(5)", "agencia_cobradora"},
    {148, 149, "X(2)", "especie", kind, "01"},
    {150, 150, "X(1)", "aceite", none, "N"},
    {151, 156, "9(6)", "data_de_emissao", issued_on},
    {157, 158, "X(2)", "instrucao_1", first_instruction, "00"},
    {159, 160, "X(2)", "instrucao_2", second_instruction, "00"},
    {161, 173, "9(11)V9(2)", "juros_de_1_dia", interest},
    {174, 179, "9(6)", "desconto_ate", discount_on},
    {180, 192, "9(11)V9(2)", "valor_do_desconto", discount},
    {193, 205, "9(11)V9(2)", "valor_do_i_o_f"},
    {206, 218, "9(11)V9(2)", "abatimento", abatement},
    {219, 220, "9(2)", "codigo_de_inscricao_219", payer_document_type},
    {221, 234, "9(14)", "numero_de_inscricao_221", payer_document},
    {235, 264, "X(30)", "nome", payer_name},
    {265, 274, "X(10)", "brancos_265"},
    {275, 314, "X(40)", "logradouro", payer_street},
    {315, 326, "X(12)", "bairro", payer_district},
    {327, 331, "9(5)", "cep", postal_code},
    {332, 334, "9(3)", "cep_sufixo", postal_code_suffix},
    {335, 349, "X(15)", "cidade", payer_city},
    {350, 351, "X(2)", "estado", payer_state},
    {352, 381, "X(30)", "sacador_avalista", guarantor_name},
    {382, 385, "X(4)", "brancos_382"},
    {386, 391, "9(6)", "data_de_mora", interest_on},
    {392, 393, "9(2)", "prazo", days},
    {394, 394, "X(1)", "brancos_394"},
    {395, 400, "9(6)", "numero_sequencial", line_sequence},
};
static_assert(tiles(kRemessaTitle, 400));

constexpr Field kRemessaFine[] = {
    {1, 1, "9(1)", "tipo_de_registro", record_type, "2"},
    {2, 2, "9(1)", "codigo_da_multa", fine_kind},
    {3, 10, "9(8)", "data_da_multa", fine_on},
    {11, 23, "9(11)V9(2)", "multa", fine},
    {24, 394, "X(371)", "brancos_024"},
    {395, 400, "9(6)", "numero_sequencial", line_sequence},
};
static_assert(tiles(kRemessaFine, 400));

constexpr Field kRemessaPix[] = {
    {1, 1, "9(1)", "tipo_de_registro", record_type, "3"},
    {2, 78, "X(77)", "chave_pix", pix_key},
    {79, 142, "9(64)", "id_location", pix_location},
    {143, 394, "X(252)", "brancos_143"},
    {395, 400, "9(6)", "numero_sequencial", line_sequence},
};
static_assert(tiles(kRemessaPix, 400));

constexpr Field kRemessaTrailer[] = {
    {1, 1, "9(1)", "tipo_de_registro", record_type, "9"},
    {2, 394, "X(393)", "brancos_002"},
    {395, 400, "9(6)", "numero_sequencial", line_sequence},
};
static_assert(tiles(kRemessaTrailer, 400));

constexpr Field kRetornoHeader[] = {
    {1, 1, "9(1)", "tipo_de_registro", record_type, "0"},
    {2, 2, "9(1)", "codigo_de_retorno", direction, "2"},
    {3, 9, "X(7)", "literal_de_retorno", literal, "RETORNO"},
    {10, 11, "9(2)", "codigo_do_servico", service, "01"},
    {12, 26, "X(15)", "literal_de_servico", service_literal, "COBRANCA"},
    {27, 30, "9(4)", "agencia", branch},
    {31, 32, "9(2)", "zeros_031"},
    {33, 37, "9(5)", "conta", account},
    {38, 38, "9(1)", "dac", account_digit},
    {39, 46, "X(8)", "brancos_039"},
    {47, 76, "X(30)", "nome_da_empresa", beneficiary_name},
    {77, 79, "9(3)", "codigo_do_banco", bank_code, "341"},
    {80, 94, "X(15)", "nome_do_banco", none, "BANCO ITAU S.A."},
    {95, 100, "9(6)", "data_de_geracao", generated_on},
    {101, 105, "9(5)", "densidade", none, "01600"},
    {106, 108, "X(3)", "unidade_de_densid", none, "BPI"},
    {109, 113, "9(5)", "n_seq_arquivo_ret", file_sequence},
    {114, 119, "9(6)", "data_de_credito", file_credit_on},
    {120, 394, "X(275)", "brancos_120"},
    {395, 400, "9(6)", "numero_sequencial", line_sequence},
};
static_assert(tiles(kRetornoHeader, 400));

constexpr Field kRetornoTitle[] = {
    {1, 1, "9(1)", "tipo_de_registro", record_type, "1"},
    {2, 3, "9(2)", "codigo_de_inscricao", beneficiary_document_type},
    {4, 17, "9(14)", "numero_de_inscricao", beneficiary_document},
    {18, 21, "9(4)", "agencia", branch},
    {22, 23, "9(2)", "zeros_022"},
    {24, 28, "9(5)", "conta", account},
    {29, 29, "9(1)", "dac", account_digit},
    {30, 37, "X(8)", "brancos_030"},
    {38, 62, "X(25)", "uso_da_empresa", control},
    {63, 70, "9(8)", "nosso_numero", our_number_copy},
    {71, 82, "X(12)", "brancos_071"},
    {83, 85, "9(3)", "carteira", wallet},
    {86, 93, "9(8)", "nosso_numero_086", our_number},
    {94, 94, "9(1)", "dac_nosso_numero", our_number_digit},
    {95, 107, "X(13)", "brancos_095"},
    {108, 108, "X(1)", "carteira_108", none, "I"},
    {109, 110, "9(2)", "cod_de_ocorrencia", occurrence},
    {111, 116, "9(6)", "data_de_ocorrencia", occurred_on},
    {117, 126, "X(10)", "n_do_documento", document},
    {127, 134, "9(8)", "nosso_numero_127", our_number_copy},
    {135, 146, "X(12)", "brancos_135"},
    {147, 152, "9(6)", "vencimento", due_on},
    {153, 165, "9(11)V9(2)", "valor_do_titulo", title_amount},
    {166, 168, "9(3)", "codigo_do_banco", none, "341"},
    {169, 172, "9(4)", "agencia_cobradora"},
    {173, 173, "9(1)", "dac_ag_cobradora"},
    {174, 175, "9(2)", "especie", kind, "01"},
    {176, 188, "9(11)V9(2)", "tarifa_de_cobranca", tariff},
    {189, 214, "X(26)", "brancos_189"},
    {215, 227, "9(11)V9(2)", "valor_do_iof", tax},
    {228, 240, "9(11)V9(2)", "valor_abatimento", abatement},
    {241, 253, "9(11)V9(2)", "descontos", discount},
    {254, 266, "9(11)V9(2)", "valor_principal", credited},
    {267, 279, "9(11)V9(2)", "juros_de_mora_multa", interest},
    {280, 292, "9(11)V9(2)", "outros_creditos", other_credits},
    {293, 293, "X(1)", "boleto_dda"},
    {294, 295, "X(2)", "brancos_294"},
    {296, 301, "X(6)", "data_credito", credit_on},
    {302, 305, "9(4)", "instr_cancelada"},
    {306, 311, "X(6)", "brancos_306"},
    {312, 324, "9(13)", "zeros_312"},
    {325, 354, "X(30)", "nome_do_pagador"},
    {355, 377, "X(23)", "brancos_355"},
    {378, 385, "X(8)", "erros", reasons},
    {386, 392, "X(7)", "brancos_386"},
    {393, 394, "X(2)", "cod_de_liquidacao", channel},
    {395, 400, "9(6)", "numero_sequencial", line_sequence},
};
static_assert(tiles(kRetornoTitle, 400));

constexpr Field kRetornoPix[] = {
    {1, 1, "9(1)", "tipo_de_registro", record_type, "3"},
    {2, 391, "X(390)", "emv_qr_code", pix_code},
    {392, 394, "X(3)", "codigo_de_erro_pix", pix_error, "000"},
    {395, 400, "9(6)", "numero_sequencial", line_sequence},
};
static_assert(tiles(kRetornoPix, 400));

constexpr Field kRetornoTrailer[] = {
    {1, 1, "9(1)", "tipo_de_registro", record_type, "9"},
    {2, 2, "9(1)", "codigo_de_retorno", direction, "2"},
    {3, 4, "9(2)", "codigo_de_servico", service, "01"},
    {5, 7, "9(3)", "codigo_do_banco", bank_code, "341"},
    {8, 17, "X(10)", "brancos_008"},
    {18, 25, "9(8)", "qtde_de_titulos"},
    {26, 39, "9(12)V9(2)", "valor_total"},
    {40, 47, "X(8)", "aviso_bancario"},
    {48, 57, "X(10)", "brancos_048"},
    {58, 65, "9(8)", "qtde_de_titulos_058"},
    {66, 79, "9(12)V9(2)", "valor_total_066"},
    {80, 87, "X(8)", "aviso_bancario_080"},
    {88, 177, "X(90)", "brancos_088"},
    {178, 185, "9(8)", "qtde_de_titulos_178"},
    {186, 199, "9(12)V9(2)", "valor_total_186"},
    {200, 207, "X(8)", "aviso_bancario_200"},
    {208, 212, "9(5)", "controle_do_arquivo", file_control},
    {213, 220, "9(8)", "qtde_de_detalhes", title_count},
    {221, 234, "9(12)V9(2)", "vlr_total_informado", stated_total},
    {235, 394, "X(160)", "brancos_235"},
    {395, 400, "9(6)", "numero_sequencial", line_sequence},
};
static_assert(tiles(kRetornoTrailer, 400));

// clang-format on

constexpr RecordLayout kRecords[] = {
    {RecordKind::header, true, false, kRemessaHeader},
    {RecordKind::title, true, false, kRemessaTitle},
    {RecordKind::fine, true, false, kRemessaFine},
    {RecordKind::pix, true, false, kRemessaPix},
    {RecordKind::trailer, true, false, kRemessaTrailer},
    {RecordKind::header, false, true, kRetornoHeader},
    {RecordKind::title, false, true, kRetornoTitle},
    {RecordKind::pix, false, true, kRetornoPix},
    {RecordKind::trailer, false, true, kRetornoTrailer},
};

constexpr Layout kLayout{.id = LayoutId::itau400,
                         .name = "cnab400-itau",
                         .bank = "341",
                         .record_length = 400,
                         .ends_with_sub = false,
                         .records = kRecords,
                         .tallies = {},
                         .fine_codes = "12",
                         .interest_codes = "",
                         .discount_codes = "",
                         .pads_documents = false};

}  // namespace

const Layout& itau400() noexcept {
    return kLayout;
}

}  // namespace causeway::connectors::cnab
