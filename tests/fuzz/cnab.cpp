// SPDX-License-Identifier: Apache-2.0
//
// The first byte chooses the layout and the direction, the rest is the file. What is read without
// a fault must be written again, and read the same.
#include "connectors/boleto/cnab/remessa.h"
#include "connectors/boleto/cnab/retorno.h"

#include <cstdint>
#include <cstdlib>
#include <string_view>

namespace causeway::connectors::cnab {
namespace {

class Kept : public RetornoSink {
  public:
    void on_header(const FileHeader& header) override { retorno.header = header; }
    void on_event(const Event& event) override { retorno.events.push_back(event); }
    void on_row_error(const RowError& error) override { errors += to_text(error); }

    Retorno retorno;
    std::string errors;
};

void require(bool holds) {
    if (!holds) std::abort();
}

std::vector<Event> without_lines(std::vector<Event> events) {
    for (Event& event : events)
        event.line = 0;
    return events;
}

void fuzz_retorno(const Layout& layout, std::string_view bytes) {
    Kept streamed;
    RetornoReader reader(layout, streamed);
    for (std::size_t at = 0; at < bytes.size(); at += 97)
        reader.feed(bytes.substr(at, 97));
    const RetornoSummary stream = reader.finish();
    Kept whole;
    const RetornoSummary summary = read_retorno(layout, bytes, whole);
    if (summary.error) return;
    // Bytes without a line end for ever are refused sooner in a stream.
    require(!stream.error && streamed.retorno.events == whole.retorno.events &&
            streamed.errors == whole.errors);
    const auto written = write_retorno(whole.retorno);
    if (!written) return;  // A header or text of others that we would not write.
    Kept again;
    require(!read_retorno(layout, *written, again).error && again.errors.empty());
    require(without_lines(again.retorno.events) == without_lines(whole.retorno.events));
}

void fuzz_remessa(const Layout& layout, std::string_view bytes) {
    const auto remessa = read_remessa(layout, bytes);
    if (!remessa) return;
    const auto written = write_remessa(*remessa);
    if (!written) return;
    const auto again = read_remessa(layout, *written);
    require(again.has_value() && again->instructions.size() == remessa->instructions.size());
}

}  // namespace
}  // namespace causeway::connectors::cnab

// libFuzzer's own name.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace causeway::connectors::cnab;
    if (size == 0) return 0;
    const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    const Layout& layout = layout_of(static_cast<LayoutId>(data[0] % 3));
    if (data[0] / 3 % 2 == 0) {
        fuzz_retorno(layout, bytes);
    } else {
        fuzz_remessa(layout, bytes);
    }
    return 0;
}
