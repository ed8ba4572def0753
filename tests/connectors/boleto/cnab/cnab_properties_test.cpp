// SPDX-License-Identifier: Apache-2.0
//
// What must hold for every file of every bank.
#include "tests/connectors/boleto/cnab/collected.h"
#include "tests/connectors/boleto/cnab/generators.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <iostream>
#include <rapidcheck/gtest.h>

namespace causeway::connectors::cnab {
namespace {

LayoutId any_layout() {
    return *rc::gen::element(LayoutId::itau400, LayoutId::bradesco400, LayoutId::bb240);
}

std::string written(const Retorno& retorno) {
    const auto bytes = write_retorno(retorno);
    if (!bytes) RC_FAIL(bytes.error().detail());
    return *bytes;
}

std::vector<Event> without_lines(std::vector<Event> events) {
    for (Event& event : events)
        event.line = 0;
    return events;
}

RC_GTEST_PROP(CnabProperties, ARemessaReadsBackAsItWasWritten, ()) {
    const Remessa remessa = random::remessa(any_layout());
    const auto bytes = write_remessa(remessa);
    if (!bytes) RC_FAIL(bytes.error().detail());
    const auto read = read_remessa(layout_of(remessa.layout), *bytes);
    if (!read) RC_FAIL(read.error().detail());
    RC_ASSERT(read->beneficiary == remessa.beneficiary);
    RC_ASSERT(read->instructions.size() == remessa.instructions.size());
    for (std::size_t i = 0; i < remessa.instructions.size(); ++i) {
        RC_ASSERT(read->instructions[i] == remessa.instructions[i]);
    }
    RC_ASSERT(*read == remessa);
}

RC_GTEST_PROP(CnabProperties, ARetornoReadsBackAsItWasWritten, ()) {
    const Retorno retorno = random::retorno(any_layout());
    const auto got = collect(layout_of(retorno.header.layout), written(retorno));
    if (got.summary.error) RC_FAIL(to_text(*got.summary.error));
    if (!got.errors.empty()) RC_FAIL(to_text(got.errors.front()));
    RC_ASSERT(got.headers.size() == 1U);
    RC_ASSERT(got.headers[0].sequence == retorno.header.sequence);
    RC_ASSERT(got.headers[0].generated_on == retorno.header.generated_on);
    RC_ASSERT(without_lines(got.events) == retorno.events);
}

RC_GTEST_PROP(CnabProperties, ItDoesNotMatterWhereAStreamIsCut, ()) {
    const Retorno retorno = random::retorno(any_layout());
    const Layout& layout = layout_of(retorno.header.layout);
    const std::string bytes = written(retorno);
    const auto step = static_cast<std::size_t>(*rc::gen::inRange(1, 900));
    CollectedRetorno streamed;
    RetornoReader reader(layout, streamed);
    for (std::size_t at = 0; at < bytes.size(); at += step) {
        RC_ASSERT(reader.feed(std::string_view(bytes).substr(at, step)));
    }
    RC_ASSERT(!reader.finish().error);
    RC_ASSERT(streamed.events == collect(layout, bytes).events);
}

// A connection that ends early must not look like a quiet day.
RC_GTEST_PROP(CnabProperties, ACutFileIsRefusedOrComplete, ()) {
    const Retorno retorno = random::retorno(any_layout());
    const Layout& layout = layout_of(retorno.header.layout);
    const std::string bytes = written(retorno);
    const auto cut = static_cast<std::size_t>(*rc::gen::inRange(0, static_cast<int>(bytes.size())));
    const auto got = collect(layout, bytes.substr(0, cut));
    const std::size_t ends = layout.ends_with_sub ? 3 : 2;
    RC_ASSERT(got.summary.error.has_value() == (cut < bytes.size() - ends));
    if (got.summary.error) {
        RC_ASSERT(got.headers.empty());
        RC_ASSERT(got.events.empty());
    } else {
        RC_ASSERT(without_lines(got.events) == retorno.events);
    }
}

std::vector<std::string> lines_of(const std::string& bytes) {
    std::vector<std::string> lines(1);
    for (const char c : bytes) {
        if (c == '\n') {
            lines.emplace_back();
        } else {
            lines.back() += c;
        }
    }
    return lines;
}

void check_on_line(std::int64_t amount, const Event& event, const std::vector<std::string>& lines) {
    RC_ASSERT(amount >= 0);
    if (amount == 0) return;
    const auto at = static_cast<std::size_t>(event.line);
    const std::string digits = std::to_string(amount);
    bool found = false;
    for (std::size_t line = at - 1; line <= at && line < lines.size(); ++line) {
        found = found || lines[line].find(digits) != std::string::npos;
    }
    RC_ASSERT(found);
}

// Noise on a line may make a row unreadable, but never an amount out of nothing.
RC_GTEST_PROP(CnabProperties, NoNoiseMakesAnAmountThatIsNotOnTheLine, ()) {
    const Retorno retorno = random::retorno(any_layout());
    std::string bytes = written(retorno);
    const int changes = *rc::gen::inRange(1, 12);
    for (int i = 0; i < changes; ++i) {
        const auto at =
            static_cast<std::size_t>(*rc::gen::inRange(0, static_cast<int>(bytes.size())));
        bytes[at] = *rc::gen::element('\0', ' ', '0', '9', 'A', '\n', '\x1A', '\xC3');
    }
    const auto got = collect(layout_of(retorno.header.layout), bytes);
    const auto lines = lines_of(bytes);
    for (const Event& event : got.events) {
        check_on_line(event.title_minor_units, event, lines);
        check_on_line(event.paid_minor_units.value_or(0), event, lines);
        check_on_line(event.credited_minor_units.value_or(0), event, lines);
        check_on_line(event.interest_minor_units, event, lines);
        check_on_line(event.tariff_minor_units, event, lines);
        check_on_line(event.discount_minor_units, event, lines);
        check_on_line(event.abatement_minor_units, event, lines);
    }
}

class CountedRetorno : public RetornoSink {
  public:
    void on_header(const FileHeader&) override {}
    void on_event(const Event&) override { ++events; }
    void on_row_error(const RowError&) override { ++errors; }
    int events = 0;
    int errors = 0;
};

// A file of many equal titles. Patched from one of a single title: the writer need not be fast.
std::string many_titles(int titles) {
    const auto one = write_retorno({.header = {.layout = LayoutId::itau400},
                                    .events = {Event{.our_number = "12345678",
                                                     .our_number_digit = "5",
                                                     .control = "ORDER-1",
                                                     .document = "DOC1",
                                                     .occurrence = "06",
                                                     .title_minor_units = 12'345,
                                                     .credited_minor_units = 12'345}}});
    if (!one) return {};
    const auto numbered = [](std::string line, int number) {
        const std::string digits = std::to_string(number);
        return line.replace(400 - digits.size(), digits.size(), digits);
    };
    const std::string title = one->substr(402, 402);
    std::string bytes = one->substr(0, 402);
    for (int i = 0; i < titles; ++i)
        bytes += numbered(title, i + 2);
    std::string trailer = numbered(one->substr(804), titles + 2);
    const std::string count = std::to_string(titles);
    return bytes + trailer.replace(220 - count.size(), count.size(), count);
}

TEST(CnabRetorno, AHundredThousandTitlesAreReadAsAStream) {
    constexpr int kTitles = 100'000;
    const std::string bytes = many_titles(kTitles);
    CountedRetorno counted;
    RetornoReader reader(itau400(), counted);
    const auto begin = std::chrono::steady_clock::now();
    for (std::size_t at = 0; at < bytes.size(); at += 65'536) {
        reader.feed(std::string_view(bytes).substr(at, 65'536));
    }
    const auto summary = reader.finish();
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    std::cout << kTitles << " titles in " << took.count() << " s\n";
    EXPECT_FALSE(summary.error) << to_text(*summary.error);
    EXPECT_EQ(counted.events, kTitles);
    EXPECT_EQ(counted.errors, 0);
}

}  // namespace
}  // namespace causeway::connectors::cnab
