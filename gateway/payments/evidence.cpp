// SPDX-License-Identifier: Apache-2.0
#include "gateway/payments/evidence.h"

#include <string>
#include <utility>

namespace causeway::gateway {
namespace {

constexpr std::size_t kEvidenceNamesMax = 50;
constexpr std::size_t kEvidenceNameMax = 64;
constexpr std::size_t kEvidenceTextMax = 20'000;

}  // namespace

std::vector<FieldError> check_evidence(const boost::json::object& evidence) {
    std::vector<FieldError> errors;
    const auto wrong = [&errors](const std::string& pointer, std::string detail) {
        errors.push_back(
            {.pointer = pointer, .code = "invalid_value", .detail = std::move(detail)});
    };
    if (evidence.empty()) wrong("", "needs at least one text");
    if (evidence.size() > kEvidenceNamesMax) wrong("", "has more than 50 members");
    for (const auto& [name, value] : evidence) {
        const std::string pointer = "/" + std::string(name.substr(0, kEvidenceNameMax));
        if (name.empty() || name.size() > kEvidenceNameMax) {
            wrong(pointer, "must have a name of 1 to 64 bytes");
        } else if (!value.is_string() || value.as_string().size() > kEvidenceTextMax) {
            wrong(pointer, "must be a text of at most 20000 bytes");
        }
    }
    return errors;
}

}  // namespace causeway::gateway
