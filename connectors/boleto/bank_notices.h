// SPDX-License-Identifier: Apache-2.0
//
// What a bank's notifications (bank_api.h) mean to us.
//
// A payment by Pix has a name of its own, the EndToEndId, and is one payment whoever tells of it; a
// payment by barcode has none, and the retorno will tell of it again.
#pragma once

#include "connectors/boleto/bank.h"
#include "connectors/boleto/bank_api.h"
#include "connectors/notice.h"

#include <string>

namespace causeway::connectors::boleto {

/// A bare code of a refused entry gets the bank's text, the same as in its files.
///
/// Errors: `invalid_argument` that names what its kind wants and it does not have.
[[nodiscard]] Result<Notice> notice_of(Bank bank, const BankNews& news);

class BankNoticeReader final : public NoticeReader {
  public:
    BankNoticeReader(Bank bank, std::string secret) : bank_(bank), secret_(std::move(secret)) {}

    [[nodiscard]] Result<std::vector<Notice>> read(const NoticeInput& input) const override;

  private:
    Bank bank_;
    std::string secret_;
};

}  // namespace causeway::connectors::boleto
