// SPDX-License-Identifier: Apache-2.0
//
// The records of Banco do Brasil's CNAB 240, remessa segments P, Q, R and retorno T, U. The
// agreement field is rows of its own: number, 0014, wallet and variation.
//
// Source: Banco do Brasil, "Particularidades BB, leiaute CNAB 240", August 2017, and FEBRABAN
// CNAB 240 version 10.06.
#include "connectors/boleto/cnab/layout.h"

namespace causeway::connectors::cnab {
namespace {

using enum Role;

// clang-format off

constexpr Field kFileHeader[] = {
    {1, 3, "9(3)", "codigo_do_banco_na_compensacao", bank_code, "001"},
    {4, 7, "9(4)", "lote_de_servico", batch},
    {8, 8, "9(1)", "tipo_de_registro", record_type, "0"},
    {9, 17, "X(9)", "uso_exclusivo_febraban_cnab_009"},
    {18, 18, "9(1)", "tipo_de_inscricao_da_empresa", beneficiary_document_type},
    {19, 32, "9(14)", "numero_de_inscricao_da_empresa", beneficiary_document},
    {33, 41, "9(9)", "codigo_do_convenio_no_banco", agreement},
    {42, 45, "9(4)", "codigo_do_convenio_no_banco_produto", none, "0014"},
    {46, 47, "9(2)", "codigo_do_convenio_no_banco_carteira", wallet},
    {48, 50, "9(3)", "codigo_do_convenio_no_banco_variacao", wallet_variation},
    {51, 52, "X(2)", "codigo_do_convenio_no_banco_teste"},
    {53, 57, "9(5)", "agencia_mantenedora_da_conta", branch},
    {58, 58, "X(1)", "digito_verificador_da_agencia", branch_digit},
    {59, 70, "9(12)", "numero_da_conta_corrente", account},
    {71, 71, "X(1)", "digito_verificador_da_conta", account_digit},
    {72, 72, "X(1)", "digito_verificador_da_ag_conta"},
    {73, 102, "X(30)", "nome_da_empresa", beneficiary_name},
    {103, 132, "X(30)", "nome_do_banco", none, "BANCO DO BRASIL S.A."},
    {133, 142, "X(10)", "uso_exclusivo_febraban_cnab_133"},
    {143, 143, "9(1)", "codigo_remessa_retorno", direction},
    {144, 151, "9(8)", "data_de_geracao_do_arquivo", generated_on},
    {152, 157, "9(6)", "hora_de_geracao_do_arquivo", generated_at},
    {158, 163, "9(6)", "numero_sequencial_do_arquivo", file_sequence},
    {164, 166, "9(3)", "n_da_versao_do_layout_do_arquivo", none, "083"},
    {167, 171, "9(5)", "densidade_de_gravacao_do_arquivo"},
    {172, 191, "X(20)", "para_uso_reservado_do_banco"},
    {192, 211, "X(20)", "para_uso_reservado_da_empresa"},
    {212, 240, "X(29)", "uso_exclusivo_febraban_cnab_212"},
};
static_assert(tiles(kFileHeader, 240));

constexpr Field kBatchHeader[] = {
    {1, 3, "9(3)", "codigo_do_banco_na_compensacao", bank_code, "001"},
    {4, 7, "9(4)", "lote_de_servico", batch},
    {8, 8, "9(1)", "tipo_de_registro", record_type, "1"},
    {9, 9, "X(1)", "tipo_de_operacao", operation},
    {10, 11, "9(2)", "tipo_de_servico", service, "01"},
    {12, 13, "X(2)", "uso_exclusivo_febraban_cnab_012"},
    {14, 16, "9(3)", "n_da_versao_do_layout_do_lote", none, "042"},
    {17, 17, "X(1)", "uso_exclusivo_febraban_cnab_017"},
    {18, 18, "9(1)", "tipo_de_inscricao_da_empresa", beneficiary_document_type},
    {19, 33, "9(15)", "n_de_inscricao_da_empresa", beneficiary_document},
    {34, 42, "9(9)", "codigo_do_convenio_no_banco", agreement},
    {43, 46, "9(4)", "codigo_do_convenio_no_banco_produto", none, "0014"},
    {47, 48, "9(2)", "codigo_do_convenio_no_banco_carteira", wallet},
    {49, 51, "9(3)", "codigo_do_convenio_no_banco_variacao", wallet_variation},
    {52, 53, "X(2)", "codigo_do_convenio_no_banco_teste"},
    {54, 58, "9(5)", "agencia_mantenedora_da_conta", branch},
    {59, 59, "X(1)", "digito_verificador_da_agencia", branch_digit},
    {60, 71, "9(12)", "numero_da_conta_corrente", account},
    {72, 72, "X(1)", "digito_verificador_da_conta", account_digit},
    {73, 73, "X(1)", "digito_verificador_da_ag_conta"},
    {74, 103, "X(30)", "nome_da_empresa", beneficiary_name},
    {104, 143, "X(40)", "mensagem_1"},
    {144, 183, "X(40)", "mensagem_2"},
    {184, 191, "9(8)", "numero_remessa_retorno", file_sequence},
    {192, 199, "9(8)", "data_de_gravacao_remessa_retorno", generated_on},
    {200, 207, "9(8)", "data_do_credito", file_credit_on},
    {208, 240, "X(33)", "uso_exclusivo_febraban_cnab_208"},
};
static_assert(tiles(kBatchHeader, 240));

constexpr Field kSegmentP[] = {
    {1, 3, "9(3)", "codigo_do_banco_na_compensacao", bank_code, "001"},
    {4, 7, "9(4)", "lote_lote_de_servico", batch},
    {8, 8, "9(1)", "tipo_de_registro", record_type, "3"},
    {9, 13, "9(5)", "n_sequencial_do_registro_no_lote", line_sequence},
    {14, 14, "X(1)", "cod_segmento_do_registro_detalhe", segment, "P"},
    {15, 15, "X(1)", "uso_exclusivo_febraban_cnab_015"},
    {16, 17, "9(2)", "codigo_de_movimento_remessa", occurrence},
    {18, 22, "9(5)", "agencia_mantenedora_da_conta", branch},
    {23, 23, "X(1)", "digito_verificador_da_agencia", branch_digit},
    {24, 35, "9(12)", "numero_da_conta_corrente", account},
    {36, 36, "X(1)", "digito_verificador_da_conta", account_digit},
    {37, 37, "X(1)", "digito_verificador_da_ag_conta"},
    {38, 57, "X(20)", "identificacao_do_titulo_no_banco", our_number},
    {58, 58, "9(1)", "codigo_da_carteira", none, "7"},
    {59, 59, "9(1)", "forma_de_cadastr_do_titulo_no_banco", none, "1"},
    {60, 60, "X(1)", "tipo_de_documento"},
    {61, 61, "9(1)", "identificacao_da_emissao_do_bloqueto"},
    {62, 62, "X(1)", "identificacao_da_distribuicao", none, "0"},
    {63, 77, "X(15)", "numero_do_documento_de_cobranca", document},
    {78, 85, "9(8)", "data_de_vencimento_do_titulo", due_on},
    {86, 100, "9(13)V9(2)", "valor_nominal_do_titulo", title_amount},
    {101, 105, "9(5)", "agencia_encarregada_da_cobranca"},
    {106, 106, "X(1)", "digito_verificador_da_agencia_106"},
    {107, 108, "9(2)", "especie_do_titulo", kind, "02"},
    {109, 109, "X(1)", "identific_de_titulo_aceito_nao_aceito", none, "N"},
    {110, 117, "9(8)", "data_da_emissao_do_titulo", issued_on},
    {118, 118, "9(1)", "codigo_do_juros_de_mora", interest_kind, "3"},
    {119, 126, "9(8)", "data_do_juros_de_mora", interest_on},
    {127, 141, "9(13)V9(2)", "juros_de_mora_por_dia_taxa", interest},
    {142, 142, "9(1)", "codigo_do_desconto_1", discount_kind},
    {143, 150, "9(8)", "data_do_desconto_1", discount_on},
    {151, 165, "9(13)V9(2)", "valor_percentual_do_desconto_1", discount},
    {166, 180, "9(13)V9(2)", "valor_do_iof_a_ser_recolhido"},
    {181, 195, "9(13)V9(2)", "valor_do_abatimento", abatement},
    {196, 220, "X(25)", "identificacao_do_titulo_na_empresa", control},
    {221, 221, "9(1)", "codigo_para_protesto", protest_kind, "3"},
    {222, 223, "9(2)", "numero_de_dias_para_protesto", days},
    {224, 224, "9(1)", "codigo_para_baixa_devolucao"},
    {225, 227, "X(3)", "numero_de_dias_para_baixa_devolucao", none, "000"},
    {228, 229, "9(2)", "codigo_da_moeda", none, "09"},
    {230, 239, "9(10)", "n_do_contrato_da_operacao_de_cred"},
    {240, 240, "X(1)", "uso_livre_banco_empresa_ou_autorizacao_de_pagamento_parcial"},
};
static_assert(tiles(kSegmentP, 240));

constexpr Field kSegmentQ[] = {
    {1, 3, "9(3)", "codigo_do_banco_na_compensacao", bank_code, "001"},
    {4, 7, "9(4)", "lote_de_servico", batch},
    {8, 8, "9(1)", "tipo_de_registro", record_type, "3"},
    {9, 13, "9(5)", "n_sequencial_do_registro_no_lote", line_sequence},
    {14, 14, "X(1)", "cod_segmento_do_registro_detalhe", segment, "Q"},
    {15, 15, "X(1)", "uso_exclusivo_febraban_cnab_015"},
    {16, 17, "9(2)", "codigo_de_movimento_remessa", occurrence},
    {18, 18, "9(1)", "tipo_de_inscricao", payer_document_type},
    {19, 33, "9(15)", "numero_de_inscricao", payer_document},
    {34, 73, "X(40)", "nome", payer_name},
    {74, 113, "X(40)", "endereco", payer_street},
    {114, 128, "X(15)", "bairro", payer_district},
    {129, 133, "9(5)", "cep", postal_code},
    {134, 136, "9(3)", "sufixo_do_cep", postal_code_suffix},
    {137, 151, "X(15)", "cidade", payer_city},
    {152, 153, "X(2)", "unidade_da_federacao", payer_state},
    {154, 154, "9(1)", "tipo_de_inscricao_154"},
    {155, 169, "9(15)", "numero_de_inscricao_155"},
    {170, 209, "X(40)", "nome_do_sacador_avalista", guarantor_name},
    {210, 212, "9(3)", "cod_bco_corresp_na_compensacao"},
    {213, 232, "X(20)", "nosso_n_no_banco_correspondente"},
    {233, 240, "X(8)", "uso_exclusivo_febraban_cnab_233"},
};
static_assert(tiles(kSegmentQ, 240));

constexpr Field kSegmentR[] = {
    {1, 3, "9(3)", "codigo_do_banco_na_compensacao", bank_code, "001"},
    {4, 7, "9(4)", "lote_de_servico", batch},
    {8, 8, "9(1)", "tipo_de_registro", record_type, "3"},
    {9, 13, "9(5)", "n_sequencial_do_registro_no_lote", line_sequence},
    {14, 14, "X(1)", "cod_segmento_do_registro_detalhe", segment, "R"},
    {15, 15, "X(1)", "uso_exclusivo_febraban_cnab_015"},
    {16, 17, "9(2)", "codigo_de_movimento_remessa", occurrence},
    {18, 18, "9(1)", "codigo_do_desconto_2"},
    {19, 26, "9(8)", "data_do_desconto_2"},
    {27, 41, "9(13)V9(2)", "valor_percentual_do_desconto_2"},
    {42, 42, "9(1)", "codigo_do_desconto_3"},
    {43, 50, "9(8)", "data_do_desconto_3"},
    {51, 65, "9(13)V9(2)", "valor_percentual_do_desconto_3"},
    {66, 66, "X(1)", "codigo_da_multa", fine_kind, "0"},
    {67, 74, "9(8)", "data_da_multa", fine_on},
    {75, 89, "9(13)V9(2)", "valor_percentual_a_ser_aplicado", fine},
    {90, 99, "X(10)", "informacao_ao_sacado"},
    {100, 139, "X(40)", "mensagem_3"},
    {140, 179, "X(40)", "mensagem_4"},
    {180, 199, "X(20)", "uso_exclusivo_febraban_cnab_180"},
    {200, 207, "9(8)", "cod_ocor_do_sacado"},
    {208, 210, "9(3)", "cod_do_banco_na_conta_do_debito"},
    {211, 215, "9(5)", "codigo_da_agencia_do_debito"},
    {216, 216, "X(1)", "digito_verificador_da_agencia_do_debito"},
    {217, 228, "9(12)", "conta_corrente_para_debito"},
    {229, 229, "X(1)", "digito_verificador_da_conta"},
    {230, 230, "X(1)", "digito_verificador_ag_conta"},
    {231, 231, "9(1)", "aviso_para_debito_automatico"},
    {232, 240, "X(9)", "uso_exclusivo_febraban_cnab_232"},
};
static_assert(tiles(kSegmentR, 240));

constexpr Field kSegmentT[] = {
    {1, 3, "9(3)", "codigo_do_banco_na_compensacao", bank_code, "001"},
    {4, 7, "9(4)", "lote_de_servico", batch},
    {8, 8, "9(1)", "tipo_de_registro", record_type, "3"},
    {9, 13, "9(5)", "numero_sequencial_registro_no_lote", line_sequence},
    {14, 14, "X(1)", "segmento_do_registro_detalhe", segment, "T"},
    {15, 15, "X(1)", "uso_exclusivo_febraban_cnab_015"},
    {16, 17, "9(2)", "codigo_de_movimento_retorno", occurrence},
    {18, 22, "9(5)", "agencia_mantenedora_da_conta", branch},
    {23, 23, "9(1)", "digito_verificador_da_agencia", branch_digit},
    {24, 35, "9(12)", "numero_da_conta_corrente", account},
    {36, 36, "9(1)", "digito_verificador_da_conta", account_digit},
    {37, 37, "9(1)", "digito_verificador_da_ag_conta"},
    {38, 57, "X(20)", "identificacao_do_titulo", our_number},
    {58, 58, "9(1)", "codigo_da_carteira", none, "7"},
    {59, 73, "X(15)", "numero_do_documento_de_cobranca", document},
    {74, 81, "9(8)", "data_do_vencimento_do_titulo", due_on},
    {82, 96, "9(13)V9(2)", "valor_nominal_do_titulo", title_amount},
    {97, 99, "9(3)", "numero_do_banco", none, "001"},
    {100, 104, "9(5)", "agencia_cobradora_recebedora"},
    {105, 105, "9(1)", "digito_verificador_da_agencia_105"},
    {106, 130, "X(25)", "identificacao_do_titulo_na_empresa", control},
    {131, 132, "9(2)", "codigo_da_moeda", none, "09"},
    {133, 133, "9(1)", "tipo_de_inscricao"},
    {134, 148, "9(15)", "numero_de_inscricao"},
    {149, 188, "X(40)", "nome"},
    {189, 198, "9(10)", "n_do_contr_da_operacao_de_credito"},
    {199, 213, "9(13)V9(2)", "valor_da_tarifa_custas", tariff},
    {214, 223, "X(10)", "motivo_da_ocorrencia", reasons},
    {224, 240, "X(17)", "uso_exclusivo_febraban_cnab_224"},
};
static_assert(tiles(kSegmentT, 240));

constexpr Field kSegmentU[] = {
    {1, 3, "9(3)", "codigo_do_banco_na_compensacao", bank_code, "001"},
    {4, 7, "9(4)", "lote_de_servico", batch},
    {8, 8, "9(1)", "tipo_de_registro", record_type, "3"},
    {9, 13, "9(5)", "n_sequencial_do_registro_no_lote", line_sequence},
    {14, 14, "X(1)", "cod_segmento_do_registro_detalhe", segment, "U"},
    {15, 15, "X(1)", "uso_exclusivo_febraban_cnab_015"},
    {16, 17, "9(2)", "codigo_de_movimento_retorno", occurrence},
    {18, 32, "9(13)V9(2)", "juros_multa_encargos", interest},
    {33, 47, "9(13)V9(2)", "valor_do_desconto_concedido", discount},
    {48, 62, "9(13)V9(2)", "valor_do_abat_concedido_cancel", abatement},
    {63, 77, "9(13)V9(2)", "valor_do_iof_recolhido", tax},
    {78, 92, "9(13)V9(2)", "valor_pago_pelo_sacado", paid},
    {93, 107, "9(13)V9(2)", "valor_liquido_a_ser_creditado", credited},
    {108, 122, "9(13)V9(2)", "valor_de_outras_despesas", other_expenses},
    {123, 137, "9(13)V9(2)", "valor_de_outros_creditos", other_credits},
    {138, 145, "9(8)", "data_da_ocorrencia", occurred_on},
    {146, 153, "9(8)", "data_da_efetivacao_do_credito", credit_on},
    {154, 157, "X(4)", "codigo_da_ocorrencia"},
    {158, 165, "X(8)", "data_da_ocorrencia_158"},
    {166, 180, "9(13)V9(2)", "valor_da_ocorrencia"},
    {181, 210, "X(30)", "complem_da_ocorrencia"},
    {211, 213, "9(3)", "cod_banco_correspondente_compens"},
    {214, 233, "9(20)", "nosso_n_banco_correspondente"},
    {234, 240, "X(7)", "uso_exclusivo_febraban_cnab_234"},
};
static_assert(tiles(kSegmentU, 240));

constexpr Field kBatchTrailer[] = {
    {1, 3, "9(3)", "codigo_do_banco_na_compensacao", bank_code, "001"},
    {4, 7, "9(4)", "lote_de_servico", batch},
    {8, 8, "9(1)", "tipo_de_registro", record_type, "5"},
    {9, 17, "X(9)", "uso_exclusivo_febraban_cnab_009"},
    {18, 23, "9(6)", "quantidade_de_registros_do_lote", batch_records},
    {24, 240, "X(217)", "uso_exclusivo_febraban_cnab_024"},
};
static_assert(tiles(kBatchTrailer, 240));

constexpr Field kFileTrailer[] = {
    {1, 3, "9(3)", "codigo_do_banco_na_compensacao", bank_code, "001"},
    {4, 7, "9(4)", "lote_de_servico", batch},
    {8, 8, "9(1)", "tipo_de_registro", record_type, "9"},
    {9, 17, "X(9)", "uso_exclusivo_febraban_cnab_009"},
    {18, 23, "9(6)", "quantidade_de_lotes_do_arquivo", batch_count},
    {24, 29, "9(6)", "quantidade_de_registros_do_arquivo", file_records},
    {30, 35, "9(6)", "qtde_de_contas_p_conc_lotes"},
    {36, 240, "X(205)", "uso_exclusivo_febraban_cnab_036"},
};
static_assert(tiles(kFileTrailer, 240));

// clang-format on

constexpr RecordLayout kRecords[] = {
    {RecordKind::header, true, true, kFileHeader},
    {RecordKind::batch_header, true, true, kBatchHeader},
    {RecordKind::title, true, false, kSegmentP},
    {RecordKind::payer, true, false, kSegmentQ},
    {RecordKind::terms, true, false, kSegmentR},
    {RecordKind::title, false, true, kSegmentT},
    {RecordKind::settlement, false, true, kSegmentU},
    {RecordKind::batch_trailer, true, true, kBatchTrailer},
    {RecordKind::trailer, true, true, kFileTrailer},
};

constexpr Layout kLayout{.id = LayoutId::bb240,
                         .name = "cnab240-bb",
                         .bank = "001",
                         .record_length = 240,
                         .ends_with_sub = false,
                         .records = kRecords,
                         .tallies = {},
                         .fine_codes = "12",
                         .interest_codes = "12",
                         .discount_codes = "12",
                         .pads_documents = true};

}  // namespace

const Layout& bb240() noexcept {
    return kLayout;
}

}  // namespace causeway::connectors::cnab
