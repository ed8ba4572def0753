// SPDX-License-Identifier: Apache-2.0
//
// The records of Bradesco's CNAB 400. Fields that the manual packs (account, nosso número with its
// digit) are rows of their own.
//
// Source: Bradesco manual 4008.524.0121, version 11. Type 4 of a retorno is younger: its columns
// are those that openboleto/OpenCnabPHP (B237/retorno/L400/Registro4.php) reads.
#include "connectors/boleto/cnab/layout.h"

namespace causeway::connectors::cnab {
namespace {

using enum Role;

// clang-format off

constexpr Field kRemessaHeader[] = {
    {1, 1, "9(1)", "identificacao_do_registro", record_type, "0"},
    {2, 2, "9(1)", "identificacao_do_arquivo_remessa", direction, "1"},
    {3, 9, "X(7)", "literal_remessa", literal, "REMESSA"},
    {10, 11, "9(2)", "codigo_de_servico", service, "01"},
    {12, 26, "X(15)", "literal_servico", service_literal, "COBRANCA"},
    {27, 46, "9(20)", "codigo_da_empresa", company_code},
    {47, 76, "X(30)", "nome_da_empresa", beneficiary_name},
    {77, 79, "9(3)", "numero_do_bradesco_na_camara_de_compensacao", bank_code, "237"},
    {80, 94, "X(15)", "nome_do_banco_por_extenso", none, "BRADESCO"},
    {95, 100, "9(6)", "data_da_gravacao_do_arquivo", generated_on},
    {101, 108, "X(8)", "branco_101"},
    {109, 110, "X(2)", "identificacao_do_sistema", none, "MX"},
    {111, 117, "9(7)", "numero_sequencial_de_remessa", file_sequence},
    {118, 394, "X(277)", "branco_118"},
    {395, 400, "9(6)", "numero_sequencial_do_registro", line_sequence},
};
static_assert(tiles(kRemessaHeader, 400));

constexpr Field kRemessaTitle[] = {
    {1, 1, "9(1)", "identificacao_do_registro", record_type, "1"},
    {2, 6, "9(5)", "agencia_de_debito"},
    {7, 7, "X(1)", "digito_da_agencia_de_debito"},
    {8, 12, "9(5)", "razao_da_conta_corrente"},
    {13, 19, "9(7)", "conta_corrente"},
    {20, 20, "X(1)", "digito_da_conta_corrente"},
    {21, 21, "9(1)", "identificacao_da_empresa_beneficiaria_no_banco_zero", none, "0"},
    {22, 24, "9(3)", "identificacao_da_empresa_beneficiaria_no_banco_carteira", wallet},
    {25, 29, "9(5)", "identificacao_da_empresa_beneficiaria_no_banco_agencia", branch},
    {30, 36, "9(7)", "identificacao_da_empresa_beneficiaria_no_banco_conta", account},
    {37, 37, "X(1)", "identificacao_da_empresa_beneficiaria_no_banco_digito", account_digit},
    {38, 62, "X(25)", "numero_controle_do_participante", control},
    {63, 65, "9(3)", "codigo_do_banco_a_ser_debitado"},
    {66, 66, "9(1)", "campo_de_multa", fine_kind},
    {67, 70, "9(2)V9(2)", "percentual_de_multa", fine},
    {71, 81, "9(11)", "identificacao_do_titulo_no_banco", our_number},
    {82, 82, "X(1)", "digito_de_autoconferencia_do_numero_bancario", our_number_digit},
    {83, 92, "9(8)V9(2)", "desconto_bonificacao_por_dia"},
    {93, 93, "9(1)", "condicao_para_emissao_da_papeleta_de_cobranca", none, "2"},
    {94, 94, "X(1)", "ident_se_emite_boleto_para_debito_automatico", none, "N"},
    {95, 104, "X(10)", "identificacao_da_operacao_do_banco"},
    {105, 105, "X(1)", "indicador_rateio_credito"},
    {106, 106, "9(1)", "enderecamento_para_aviso_do_debito_automatico", none, "2"},
    {107, 108, "X(2)", "quantidade_de_pagamentos"},
    {109, 110, "9(2)", "identificacao_da_ocorrencia", occurrence},
    {111, 120, "X(10)", "numero_do_documento", document},
    {121, 126, "9(6)", "data_do_vencimento_do_titulo", due_on},
    {127, 139, "9(11)V9(2)", "valor_do_titulo", title_amount},
    {140, 142, "9(3)", "banco_encarregado_da_cobranca"},
    {143, 147, "9(5)", "agencia_depositaria"},
    {148, 149, "9(2)", "especie_de_titulo", kind, "01"},
    {150, 150, "X(1)", "identificacao", none, "N"},
    {151, 156, "9(6)", "data_da_emissao_do_titulo", issued_on},
    {157, 158, "9(2)", "1a_instrucao", first_instruction, "00"},
    {159, 160, "9(2)", "2a_instrucao", second_instruction, "00"},
    {161, 173, "9(11)V9(2)", "valor_a_ser_cobrado_por_dia_de_atraso", interest},
    {174, 179, "9(6)", "data_limite_para_concessao_de_desconto", discount_on},
    {180, 192, "9(11)V9(2)", "valor_do_desconto", discount},
    {193, 205, "9(11)V9(2)", "valor_do_iof"},
    {206, 218, "9(11)V9(2)", "valor_do_abatimento", abatement},
    {219, 220, "9(2)", "tipo_de_inscricao_do_pagador", payer_document_type},
    {221, 234, "9(14)", "numero_inscricao_do_pagador", payer_document},
    {235, 274, "X(40)", "nome_do_pagador", payer_name},
    {275, 314, "X(40)", "endereco_completo", payer_street},
    {315, 326, "X(12)", "1a_mensagem"},
    {327, 331, "9(5)", "cep", postal_code},
    {332, 334, "9(3)", "sufixo_do_cep", postal_code_suffix},
    {335, 394, "X(60)", "sacador_avalista_ou_2a_mensagem", guarantor_name},
    {395, 400, "9(6)", "numero_sequencial_do_registro", line_sequence},
};
static_assert(tiles(kRemessaTitle, 400));

constexpr Field kRemessaTrailer[] = {
    {1, 1, "9(1)", "identificacao_registro", record_type, "9"},
    {2, 394, "X(393)", "branco_002"},
    {395, 400, "9(6)", "numero_sequencial_de_registro", line_sequence},
};
static_assert(tiles(kRemessaTrailer, 400));

constexpr Field kRetornoHeader[] = {
    {1, 1, "9(1)", "identificacao_do_registro", record_type, "0"},
    {2, 2, "9(1)", "identificacao_do_arquivo_retorno", direction, "2"},
    {3, 9, "X(7)", "literal_retorno", literal, "RETORNO"},
    {10, 11, "9(2)", "codigo_do_servico", service, "01"},
    {12, 26, "X(15)", "literal_servico", service_literal, "COBRANCA"},
    {27, 46, "9(20)", "codigo_da_empresa", company_code},
    {47, 76, "X(30)", "nome_da_empresa_por_extenso", beneficiary_name},
    {77, 79, "9(3)", "numero_do_bradesco", bank_code, "237"},
    {80, 94, "X(15)", "nome_do_banco", none, "BRADESCO"},
    {95, 100, "9(6)", "data_da_gravacao_do_arquivo", generated_on},
    {101, 108, "9(8)", "densidade_de_gravacao", none, "01600000"},
    {109, 113, "9(5)", "numero_aviso_bancario", file_sequence},
    {114, 379, "X(266)", "branco_114"},
    {380, 385, "9(6)", "data_do_credito", file_credit_on},
    {386, 394, "X(9)", "branco_386"},
    {395, 400, "9(6)", "numero_sequencial_de_registro", line_sequence},
};
static_assert(tiles(kRetornoHeader, 400));

constexpr Field kRetornoTitle[] = {
    {1, 1, "9(1)", "identificacao_do_registro", record_type, "1"},
    {2, 3, "9(2)", "tipo_de_inscricao_empresa", beneficiary_document_type},
    {4, 17, "9(14)", "numero_inscricao_da_empresa", beneficiary_document},
    {18, 20, "9(3)", "zeros_018"},
    {21, 21, "9(1)", "identificacao_da_empresa_beneficiaria_no_banco_zero", none, "0"},
    {22, 24, "9(3)", "identificacao_da_empresa_beneficiaria_no_banco_carteira", wallet},
    {25, 29, "9(5)", "identificacao_da_empresa_beneficiaria_no_banco_agencia", branch},
    {30, 36, "9(7)", "identificacao_da_empresa_beneficiaria_no_banco_conta", account},
    {37, 37, "X(1)", "identificacao_da_empresa_beneficiaria_no_banco_digito", account_digit},
    {38, 62, "X(25)", "numero_controle_do_participante", control},
    {63, 70, "9(8)", "zeros_063"},
    {71, 81, "9(11)", "identificacao_do_titulo_no_banco", our_number},
    {82, 82, "X(1)", "identificacao_do_titulo_no_banco_digito", our_number_digit},
    {83, 92, "9(10)", "uso_do_banco_083"},
    {93, 104, "9(12)", "uso_do_banco_093"},
    {105, 105, "X(1)", "indicador_de_rateio"},
    {106, 107, "9(2)", "pagamento_parcial"},
    {108, 108, "9(1)", "carteira"},
    {109, 110, "9(2)", "identificacao_de_ocorrencia", occurrence},
    {111, 116, "9(6)", "data_ocorrencia_no_banco", occurred_on},
    {117, 126, "X(10)", "numero_do_documento", document},
    {127, 146, "X(20)", "identificacao_do_titulo_no_banco_repetido", our_number_repeated},
    {147, 152, "9(6)", "data_vencimento_do_titulo", due_on},
    {153, 165, "9(11)V9(2)", "valor_do_titulo", title_amount},
    {166, 168, "9(3)", "banco_cobrador", none, "237"},
    {169, 173, "9(5)", "agencia_cobradora"},
    {174, 175, "X(2)", "especie_do_titulo", kind},
    {176, 188, "9(11)V9(2)", "despesas_de_cobranca", tariff},
    {189, 201, "9(11)V9(2)", "outras_despesas_custas_de_protesto", other_expenses},
    {202, 214, "9(11)V9(2)", "juros_operacao_em_atraso", operation_interest},
    {215, 227, "9(11)V9(2)", "iof_devido", tax},
    {228, 240, "9(11)V9(2)", "abatimento_concedido_sobre_o_titulo", abatement},
    {241, 253, "9(11)V9(2)", "desconto_concedido", discount},
    {254, 266, "9(11)V9(2)", "valor_pago", paid},
    {267, 279, "9(11)V9(2)", "juros_de_mora", interest},
    {280, 292, "9(11)V9(2)", "outros_creditos", other_credits},
    {293, 294, "X(2)", "brancos_293"},
    {295, 295, "X(1)", "motivo_da_ocorrencia_19_25"},
    {296, 301, "9(6)", "data_do_credito", credit_on},
    {302, 304, "9(3)", "origem_pagamento", channel},
    {305, 314, "X(10)", "brancos_305"},
    {315, 318, "9(4)", "codigo_do_banco_do_cheque"},
    {319, 328, "X(10)", "motivos_das_rejeicoes", reasons, "0000000000"},
    {329, 368, "X(40)", "brancos_329"},
    {369, 370, "9(2)", "numero_do_cartorio"},
    {371, 380, "X(10)", "numero_do_protocolo"},
    {381, 394, "X(14)", "brancos_381"},
    {395, 400, "9(6)", "numero_sequencial_de_registro", line_sequence},
};
static_assert(tiles(kRetornoTitle, 400));

constexpr Field kRetornoPix[] = {
    {1, 1, "9(1)", "identificacao_do_registro", record_type, "4"},
    {2, 4, "9(3)", "carteira", wallet},
    {5, 9, "9(5)", "agencia", branch},
    {10, 16, "9(7)", "conta_corrente", account},
    {17, 27, "9(11)", "nosso_numero", our_number_copy},
    {28, 28, "X(1)", "digito_do_nosso_numero", our_number_digit_copy},
    {29, 105, "X(77)", "url_do_qr_code", pix_url},
    {106, 140, "X(35)", "txid", pix_txid},
    {141, 394, "X(254)", "brancos_141"},
    {395, 400, "9(6)", "numero_sequencial_de_registro", line_sequence},
};
static_assert(tiles(kRetornoPix, 400));

constexpr Field kRetornoTrailer[] = {
    {1, 1, "9(1)", "identificacao_do_registro", record_type, "9"},
    {2, 2, "9(1)", "identificacao_do_retorno", direction, "2"},
    {3, 4, "9(2)", "identificacao_tipo_de_registro", service, "01"},
    {5, 7, "9(3)", "codigo_do_banco", bank_code, "237"},
    {8, 17, "X(10)", "brancos_008"},
    {18, 25, "9(8)", "quantidade_de_titulos_em_cobranca"},
    {26, 39, "9(12)V9(2)", "valor_total_em_cobranca"},
    {40, 47, "9(8)", "numero_do_aviso_bancario", file_control},
    {48, 57, "X(10)", "brancos_048"},
    {58, 62, "9(5)", "quantidade_ocorrencia_02", count_02},
    {63, 74, "9(10)V9(2)", "valor_ocorrencia_02"},
    {75, 86, "9(10)V9(2)", "valor_ocorrencia_06"},
    {87, 91, "9(5)", "quantidade_ocorrencia_06", count_06},
    {92, 103, "9(10)V9(2)", "valor_dos_registros_ocorrencia_06"},
    {104, 108, "9(5)", "quantidade_ocorrencias_09_e_10", count_09_10},
    {109, 120, "9(10)V9(2)", "valor_ocorrencias_09_e_10"},
    {121, 125, "9(5)", "quantidade_ocorrencia_13", count_13},
    {126, 137, "9(10)V9(2)", "valor_ocorrencia_13"},
    {138, 142, "9(5)", "quantidade_ocorrencia_14", count_14},
    {143, 154, "9(10)V9(2)", "valor_ocorrencia_14"},
    {155, 159, "9(5)", "quantidade_ocorrencia_12", count_12},
    {160, 171, "9(10)V9(2)", "valor_ocorrencia_12"},
    {172, 176, "9(5)", "quantidade_ocorrencia_19", count_19},
    {177, 188, "9(10)V9(2)", "valor_ocorrencia_19"},
    {189, 362, "X(174)", "brancos_189"},
    {363, 377, "9(13)V9(2)", "valor_total_dos_rateios"},
    {378, 385, "9(8)", "quantidade_total_dos_rateios"},
    {386, 394, "X(9)", "brancos_386"},
    {395, 400, "9(6)", "numero_sequencial_do_registro", line_sequence},
};
static_assert(tiles(kRetornoTrailer, 400));

// clang-format on

constexpr RecordLayout kRecords[] = {
    {RecordKind::header, true, false, kRemessaHeader},
    {RecordKind::title, true, false, kRemessaTitle},
    {RecordKind::trailer, true, false, kRemessaTrailer},
    {RecordKind::header, false, true, kRetornoHeader},
    {RecordKind::title, false, true, kRetornoTitle},
    {RecordKind::pix, false, true, kRetornoPix},
    {RecordKind::trailer, false, true, kRetornoTrailer},
};

constexpr Tally kTallies[] = {
    {count_02, "02"},
    {count_06, "06"},
    {count_09_10, "0910"},
    {count_12, "12"},
    {count_13, "13"},
    {count_14, "14"},
    {count_19, "19"},
};

constexpr Layout kLayout{.id = LayoutId::bradesco400,
                         .name = "cnab400-bradesco",
                         .bank = "237",
                         .record_length = 400,
                         .ends_with_sub = true,
                         .records = kRecords,
                         .tallies = kTallies,
                         .fine_codes = " 2",
                         .interest_codes = "",
                         .discount_codes = "",
                         .pads_documents = false};

}  // namespace

const Layout& bradesco400() noexcept {
    return kLayout;
}

}  // namespace causeway::connectors::cnab
