// SPDX-License-Identifier: Apache-2.0
//
// A sink that keeps everything, for the tests of the retorno reader.
#pragma once

#include "connectors/boleto/cnab/retorno.h"

#include <string_view>
#include <vector>

namespace causeway::connectors::cnab {

class CollectedRetorno : public RetornoSink {
  public:
    void on_header(const FileHeader& header) override { headers.push_back(header); }
    void on_event(const Event& event) override { events.push_back(event); }
    void on_row_error(const RowError& error) override { errors.push_back(error); }

    std::vector<FileHeader> headers;
    std::vector<Event> events;
    std::vector<RowError> errors;
    RetornoSummary summary;
};

inline CollectedRetorno collect(const Layout& layout, std::string_view bytes) {
    CollectedRetorno collected;
    collected.summary = read_retorno(layout, bytes, collected);
    return collected;
}

}  // namespace causeway::connectors::cnab
