// SPDX-License-Identifier: Apache-2.0
//
// How the scripted provider notifies: JSON, signed with HMAC-SHA256 over a time and the body.
//
//   Fault-Signature: t=1777629660,v1=5257a869...
//   {"notices":[{"id":"n1","kind":"outcome","reference":"FLT-1","amount":1250,"currency":"EUR",
//                "approved":true,"approval_code":"F1"}]}
//
// The signed text is the digits of `t`, a full stop and the body, byte for byte. Amounts are minor
// units. Members that do not apply are left out; members that are not known are passed over.
#pragma once

#include "connectors/notice.h"
#include "ledger/clock.h"
#include "ledger/result.h"

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace causeway::connectors::fault {

inline constexpr std::string_view kSignatureHeader = "Fault-Signature";
/// A signature that is further from our own clock is not believed, so that an old message cannot
/// be sent again for ever.
inline constexpr std::chrono::seconds kSignatureAgeMax{300};

struct SignedMessage {
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
};

[[nodiscard]] std::string write_notices(const std::vector<Notice>& notices);
[[nodiscard]] SignedMessage sign(std::string_view secret, std::string body, Timestamp now);

class FaultNoticeReader final : public NoticeReader {
  public:
    explicit FaultNoticeReader(std::string secret) : secret_(std::move(secret)) {}

    [[nodiscard]] Result<std::vector<Notice>> read(const NoticeInput& input) const override;

  private:
    std::string secret_;
};

}  // namespace causeway::connectors::fault
