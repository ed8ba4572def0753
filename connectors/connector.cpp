// SPDX-License-Identifier: Apache-2.0
#include "connectors/connector.h"

namespace causeway::connectors {

std::string_view to_string(Fate fate) noexcept {
    switch (fate) {
        case Fate::carried_out: return "carried_out";
        case Fate::refused: return "refused";
        case Fate::never_arrived: return "never_arrived";
        case Fate::under_way: return "under_way";
    }
    return "unlisted_fate";
}

}  // namespace causeway::connectors
