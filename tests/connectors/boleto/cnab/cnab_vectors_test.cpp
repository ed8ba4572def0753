// SPDX-License-Identifier: Apache-2.0
//
// Files that other people's libraries wrote (brcobranca, laravel-boleto) or read, and broken ones.
// Positions come from the banks' layouts as JSON, not from our tables. Any folder of such files
// can be held against the codec: CAUSEWAY_VECTORS names it.
#include "connectors/boleto/cnab/codes.h"
#include "connectors/boleto/cnab/remessa.h"
#include "connectors/boleto/cnab/text.h"
#include "tests/connectors/boleto/cnab/collected.h"
#include "tests/support/source_folder.h"
#include "tests/support/vectors.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <sstream>
#include <string>

namespace causeway::connectors::cnab {
namespace {

namespace json = boost::json;
namespace fs = std::filesystem;

std::string text(const json::object& object, std::string_view key) {
    const json::value* value = object.if_contains(key);
    return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
}

Date day(std::string_view iso) {
    const auto part = [iso](std::size_t at, std::size_t length) {
        return std::stoi(std::string(iso.substr(at, length)));
    };
    return {std::chrono::year(part(0, 4)),
            std::chrono::month(static_cast<unsigned>(part(5, 2))),
            std::chrono::day(static_cast<unsigned>(part(8, 2)))};
}

std::string iso(const std::optional<Date>& date) {
    if (!date) return "none";
    std::ostringstream out;
    out << static_cast<int>(date->year()) << '-' << static_cast<unsigned>(date->month()) << '-'
        << static_cast<unsigned>(date->day());
    return out.str();
}

std::string modulo_10(std::string_view digits) {
    int sum = 0;
    int weight = 2;
    for (auto it = digits.rbegin(); it != digits.rend(); ++it, weight = 3 - weight) {
        const int product = (*it - '0') * weight;
        sum += product / 10 + product % 10;
    }
    return std::to_string((10 - sum % 10) % 10);
}

int modulo_11(std::string_view digits, int weight_max) {
    int sum = 0;
    int weight = 2;
    for (auto it = digits.rbegin(); it != digits.rend(); ++it) {
        sum += (*it - '0') * weight;
        weight = weight == weight_max ? 2 : weight + 1;
    }
    return sum % 11;
}

std::string bradesco_digit(std::string_view digits) {
    const int rest = modulo_11(digits, 7);
    if (rest == 1) return "P";
    return rest == 0 ? "0" : std::to_string(11 - rest);
}

std::string bb_digit(std::string_view digits) {
    const int digit = (11 - modulo_11(digits, 9)) % 11;
    return digit == 10 ? "X" : std::to_string(digit);
}

Beneficiary beneficiary_of(const json::object& input, LayoutId layout) {
    const json::object& who = input.at("beneficiario").as_object();
    Beneficiary result{.name = text(who, "nome"),
                       .document = text(who, "documento"),
                       .agreement = text(input, "convenio"),
                       .wallet = text(input, "carteira"),
                       .wallet_variation = text(input, "variacao"),
                       .branch = text(input, "agencia"),
                       .account = text(input, "conta"),
                       .account_digit = text(input, "conta_dv")};
    if (layout == LayoutId::itau400) {
        result.account_digit = modulo_10(result.branch + result.account);
    } else if (layout == LayoutId::bb240) {
        result.branch_digit = bb_digit(result.branch);
        result.account_digit = bb_digit(result.account);
    } else {
        result.company_code = text(input, "codigo_empresa");
    }
    return result;
}

std::string without(std::string text, std::string_view characters) {
    std::erase_if(text, [&](char c) { return characters.find(c) != std::string_view::npos; });
    return text;
}

Payer payer_of(const json::object& payer) {
    return {.name = text(payer, "nome"),
            .document = without(text(payer, "documento"), ".-/"),
            .street = text(payer, "endereco"),
            .district = text(payer, "bairro"),
            .postal_code = without(text(payer, "cep"), ".-"),
            .city = text(payer, "cidade"),
            .state = text(payer, "uf")};
}

// "2", "1.5" and "2.00": percentages with two decimals at most.
std::int64_t hundredths(const std::string& decimal) {
    const std::size_t point = std::min(decimal.find('.'), decimal.size());
    std::string decimals = decimal.substr(std::min(point + 1, decimal.size()));
    EXPECT_LE(decimals.size(), 2U) << decimal;
    decimals.resize(2, '0');
    return std::stoll(decimal.substr(0, point) + decimals);
}

Instruction instruction_of(const json::object& title, const json::object& input, LayoutId layout) {
    test::expect_known(title,
                       {"nosso_numero",
                        "documento",
                        "vencimento",
                        "emissao",
                        "valor_centavos",
                        "pagador",
                        "multa_percentual",
                        "desconto"});
    Instruction result{.control = text(title, "documento"),
                       .our_number = text(title, "nosso_numero"),
                       .document = text(title, "documento"),
                       .due_on = day(text(title, "vencimento")),
                       .issued_on = day(text(title, "emissao")),
                       .amount_minor_units = title.at("valor_centavos").as_int64(),
                       .payer = payer_of(title.at("pagador").as_object())};
    if (layout == LayoutId::bradesco400) {
        result.our_number_digit = bradesco_digit(text(input, "carteira") + result.our_number);
    } else if (layout == LayoutId::bb240) {
        const std::string agreement = text(input, "convenio");
        result.our_number = agreement + result.our_number;
        if (agreement.size() < 7) result.our_number += bb_digit(result.our_number);
    }
    if (const std::string fine = test::scalar_of(title, "multa_percentual"); !fine.empty()) {
        result.fine = Charge{.basis = Charge::Basis::percent, .value = hundredths(fine)};
    }
    const json::value* discount = title.if_contains("desconto");
    if (discount != nullptr && !discount->is_null()) {
        result.discount = Charge{.value = discount->at("valor_centavos").as_int64(),
                                 .on = day(text(discount->as_object(), "data"))};
    }
    return result;
}

const Layout& layout_in(const json::object& input) {
    const Layout* layout = find_layout(text(input, "layout"));
    if (layout == nullptr) throw std::runtime_error("a layout that nobody has");
    return *layout;
}

Remessa remessa_of(const json::object& input) {
    test::expect_known(input,
                       {"layout",
                        "banco",
                        "data_geracao",
                        "beneficiario",
                        "agencia",
                        "conta",
                        "conta_dv",
                        "carteira",
                        "variacao",
                        "convenio",
                        "codigo_empresa",
                        "sequencial_remessa",
                        "titulos"});
    const Layout* layout = &layout_in(input);
    Remessa remessa{.layout = layout->id,
                    .beneficiary = beneficiary_of(input, layout->id),
                    .generated_on = day(text(input, "data_geracao"))};
    const std::string sequence = test::scalar_of(input, "sequencial_remessa");
    if (!sequence.empty() && layout->id != LayoutId::itau400) {
        remessa.sequence = std::stoll(sequence);
    }
    for (const json::value& title : input.at("titulos").as_array()) {
        remessa.instructions.push_back(instruction_of(title.as_object(), input, layout->id));
    }
    return remessa;
}

std::vector<std::string> lines_of(const std::string& bytes) {
    std::vector<std::string> lines;
    std::istringstream in(bytes);
    for (std::string line; std::getline(in, line);) {
        if (line == "\x1A") continue;
        EXPECT_TRUE(line.ends_with('\r'));
        line.pop_back();
        lines.push_back(line);
    }
    return lines;
}

const json::value& layout_json(const std::string& name) {
    static std::map<std::string, json::value> files;
    auto& file = files[name];
    if (file.is_null()) {
        std::ifstream in(fs::path(test::source_folder()) / "tests/vectors/cnab-layouts" /
                         (name + ".json"));
        std::stringstream all;
        all << in.rdbuf();
        file = json::parse(all.str());
    }
    return file;
}

// The columns that the bank's manual gives a field.
std::string columns(const std::string& line,
                    const std::string& layout,
                    std::string_view record,
                    std::string_view key) {
    for (const json::value& field : layout_json(layout).at("records").at(record).as_array()) {
        if (field.at("key").as_string() != key) continue;
        const auto& pos = field.at("pos").as_array();
        const auto first = static_cast<std::size_t>(pos[0].as_int64());
        const auto last = static_cast<std::size_t>(pos[1].as_int64());
        return line.substr(first - 1, last - first + 1);
    }
    ADD_FAILURE() << "no field " << key << " in " << record;
    return {};
}

void check_remessa(const json::object& vector) {
    const json::object& input = vector.at("input").as_object();
    const std::string layout = text(input, "layout");
    const auto& records = vector.at("expect").at("records").as_array();
    Remessa remessa = remessa_of(input);
    if (remessa.layout == LayoutId::bradesco400 && remessa.beneficiary.company_code.empty()) {
        // Not part of the input: nothing to compare then.
        remessa.beneficiary.company_code = without_leading_zeros(
            text(records.at(0).at("must_match").as_object(), "codigo_da_empresa"));
    }
    const auto written = write_remessa(remessa);
    ASSERT_TRUE(written) << written.error().detail();
    const auto lines = lines_of(*written);
    ASSERT_EQ(lines.size(), records.size());
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const json::object& record = records[i].as_object();
        const std::string name = text(record, "record");
        EXPECT_EQ(lines[i].size(), static_cast<std::size_t>(find_layout(layout)->record_length));
        const json::object& differ = record.at("implementers_differ").as_object();
        for (const auto& field : record.at("must_match").as_object()) {
            if (differ.contains(field.key())) continue;
            EXPECT_EQ(columns(lines[i], layout, name, field.key()), field.value().as_string())
                << name << ' ' << field.key();
        }
    }
}

// The files are ISO 8859-1, the JSON around them is UTF-8.
std::string to_latin1(std::string_view utf8) {
    std::string bytes;
    for (std::size_t i = 0; i < utf8.size(); ++i) {
        const auto lead = static_cast<unsigned char>(utf8[i]);
        if (lead < 0x80) {
            bytes += utf8[i];
            continue;
        }
        if (lead > 0xC3 || i + 1 == utf8.size()) throw std::runtime_error("not ISO 8859-1");
        bytes +=
            static_cast<char>((lead & 3U) << 6U | (static_cast<unsigned char>(utf8[++i]) & 0x3FU));
    }
    return bytes;
}

std::string joined(const json::object& input) {
    const std::string eol = text(input, "eol");
    EXPECT_TRUE(eol == "LF" || eol == "CRLF") << eol;
    // A file that was re-encoded must be seen to be.
    const bool as_it_is = text(input, "encoding") == "UTF-8";
    std::string bytes;
    for (const json::value& line : input.at("lines").as_array()) {
        bytes += as_it_is ? std::string(line.as_string()) : to_latin1(line.as_string());
        bytes += eol == "LF" ? "\n" : "\r\n";
    }
    return bytes;
}

struct OtherReading {
    LayoutId layout;
    std::string_view occurrence;
    std::string_view their_class;
    EventClass ours;
};

// At Itaú laravel-boleto takes for the end of a title what is part of a change of its data (05) and
// money for a title that the bank does not know (72).
constexpr OtherReading kReadOtherwise[] = {
    {LayoutId::itau400, "05", "baixa", EventClass::info},
    {LayoutId::itau400, "72", "baixa", EventClass::unmatched},
};

// What laravel-boleto makes of it, which is less than we do. A code that neither knows is "outros".
bool agrees(LayoutId layout, const Event& event, const std::string& their_class) {
    const EventClass ours = event.event_class;
    for (const OtherReading& row : kReadOtherwise) {
        if (row.layout == layout && row.occurrence == event.occurrence &&
            row.their_class == their_class && row.ours == ours) {
            return true;
        }
    }
    const bool paid = ours == EventClass::paid || ours == EventClass::paid_by_pix;
    if (their_class == "liquidacao") return paid;
    if (their_class == "entrada_confirmada") return ours == EventClass::registered;
    if (their_class == "rejeicao") return ours == EventClass::rejected;
    if (their_class == "baixa") return ours == EventClass::written_off;
    if (their_class == "alteracao") return ours == EventClass::changed;
    if (their_class == "protesto") return ours == EventClass::protest;
    return their_class == "outros" && !paid && ours != EventClass::registered;
}

std::vector<std::string> reason_codes(const Event& event) {
    std::vector<std::string> codes;
    for (const Reason& reason : event.reasons)
        codes.push_back(reason.code);
    return codes;
}

std::optional<Date> date_in(const json::object& object, std::string_view key) {
    const std::string value = text(object, key);
    return value.empty() ? std::nullopt : std::optional(day(value));
}

void check_event(LayoutId layout, const json::object& expected, const Event& event) {
    EXPECT_EQ(event.our_number, text(expected, "nosso_numero"));
    EXPECT_EQ(event.our_number_digit, text(expected, "nosso_numero_dv"));
    EXPECT_EQ(event.occurrence, text(expected, "ocorrencia"));
    EXPECT_TRUE(agrees(layout, event, text(expected, "classe")))
        << to_string(event.event_class) << " for " << text(expected, "classe");
    EXPECT_EQ(event.document, text(expected, "numero_documento"));
    EXPECT_EQ(event.control, text(expected, "numero_controle"));
    EXPECT_EQ(iso(event.occurred_on), iso(date_in(expected, "data_ocorrencia")));
    EXPECT_EQ(iso(event.due_on), iso(date_in(expected, "data_vencimento")));
    EXPECT_EQ(iso(event.credit_on), iso(date_in(expected, "data_credito")));
    const auto amount = [&](std::string_view key) { return expected.at(key).as_int64(); };
    EXPECT_EQ(event.title_minor_units, amount("valor_titulo_centavos"));
    EXPECT_EQ(event.tariff_minor_units, amount("valor_tarifa_centavos"));
    EXPECT_EQ(event.discount_minor_units, amount("valor_desconto_centavos"));
    EXPECT_EQ(event.interest_minor_units, amount("valor_mora_centavos"));
    const auto received =
        event.paid_minor_units ? event.paid_minor_units : event.credited_minor_units;
    EXPECT_EQ(received, amount("valor_recebido_centavos"));
    std::vector<std::string> reasons;
    for (const json::value& code : expected.at("motivos").as_array()) {
        reasons.emplace_back(code.as_string());
    }
    EXPECT_EQ(reason_codes(event), reasons);
    if (expected.contains("codigo_liquidacao")) {
        EXPECT_EQ(event.channel, text(expected, "codigo_liquidacao"));
    }
    EXPECT_EQ(event.pix ? event.pix->copy_and_paste : "", text(expected, "pix_copia_e_cola"));
}

void check_retorno(const json::object& vector) {
    const json::object& input = vector.at("input").as_object();
    const Layout& layout = layout_in(input);
    const auto got = collect(layout, joined(input));
    EXPECT_FALSE(got.summary.error) << to_text(*got.summary.error);
    for (const RowError& error : got.errors)
        ADD_FAILURE() << to_text(error);
    const auto& events = vector.at("expect").at("events").as_array();
    ASSERT_EQ(got.events.size(), events.size());
    for (std::size_t i = 0; i < events.size(); ++i) {
        SCOPED_TRACE("event " + std::to_string(i));
        check_event(layout.id, events[i].as_object(), got.events[i]);
    }
}

void check_malformed(const json::object& vector) {
    const json::object& input = vector.at("input").as_object();
    const auto got = collect(layout_in(input), joined(input));
    const bool accepted = !got.summary.error && got.errors.empty();
    EXPECT_EQ(accepted, vector.at("expect").at("accept").as_bool())
        << text(vector.at("expect").as_object(), "why");
}

void check_line(const json::object& vector) {
    if (test::either_way(vector)) return;
    const std::string kind = text(vector, "kind");
    if (kind == "remessa") return check_remessa(vector);
    if (kind == "retorno") return check_retorno(vector);
    if (kind == "malformed") return check_malformed(vector);
    ADD_FAILURE() << "a kind that no test knows: " << kind;
}

TEST(CnabVectors, AgreesWithOtherPeoplesLibraries) {
    const int lines = test::for_each_vector("cnab-", check_line);
    // A wrong folder must not look like agreement.
    EXPECT_GT(lines, 0) << "no vector was read in " << test::vectors_folder();
    RecordProperty("vectors", lines);
}

// A field that has slipped by one column moves somebody's money.
TEST(CnabVectors, TablesHaveTheManualsColumns) {
    for (const char* name : {"cnab400-itau", "cnab400-bradesco", "cnab240-bb"}) {
        SCOPED_TRACE(name);
        for (const RecordLayout& record : find_layout(name)->records) {
            // Younger than the manual behind the JSON; retorno_test.cpp has its columns.
            if (record.kind == RecordKind::pix && find_layout(name) == &bradesco400()) continue;
            int matches = 0;
            for (const auto& theirs : layout_json(name).at("records").as_object()) {
                // A field that we split still begins and ends where the manual's does.
                bool same = true;
                for (const json::value& field : theirs.value().as_array()) {
                    const auto first = field.at("pos").as_array()[0].as_int64();
                    same = same &&
                           std::any_of(
                               record.fields.begin(), record.fields.end(), [&](const Field& ours) {
                                   return ours.first == first &&
                                          ours.key.starts_with(field.at("key").as_string());
                               });
                }
                if (same) ++matches;
            }
            EXPECT_GE(matches, 1) << record.fields.front().key << " of " << record.fields.size()
                                  << " fields";
        }
    }
}

}  // namespace
}  // namespace causeway::connectors::cnab
