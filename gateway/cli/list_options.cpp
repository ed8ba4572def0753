// SPDX-License-Identifier: Apache-2.0
#include "gateway/cli/list_options.h"

#include <charconv>

namespace causeway::gateway {
namespace {

constexpr int kLimitMax = 1'000;

Result<std::optional<Uuid>> id_option(const CommandRequest& request,
                                      const std::string& option,
                                      std::string_view prefix) {
    if (!request.flag(option)) return std::optional<Uuid>();
    const Result<Uuid> id = parse_id(prefix, request.option(option));
    if (id) return std::optional<Uuid>(*id);
    return Error(ErrorCode::invalid_argument,
                 "--" + option + " must be an id such as " + std::string(prefix) + "_01J...");
}

}  // namespace

Result<ListOptions> read_list_options(const CommandRequest& request) {
    ListOptions options;
    const Result<std::optional<Uuid>> merchant = id_option(request, "merchant", "mer");
    if (!merchant) return merchant.error();
    const Result<std::optional<Uuid>> payment = id_option(request, "payment", "pay");
    if (!payment) return payment.error();
    options.merchant = *merchant;
    options.payment = *payment;
    if (!request.flag("limit")) return options;
    const std::string text = request.option("limit");
    const auto [end, wrong] =
        std::from_chars(text.data(), text.data() + text.size(), options.limit);
    const bool whole = wrong == std::errc{} && end == text.data() + text.size();
    if (whole && options.limit >= 1 && options.limit <= kLimitMax) return options;
    return Error(ErrorCode::invalid_argument, "--limit must be 1 to 1000");
}

Result<Uuid> id_argument(const CommandRequest& request, std::string_view prefix) {
    const std::string text = request.arguments.empty() ? "" : request.arguments.front();
    Result<Uuid> id = parse_id(prefix, text);
    if (id) return id;
    return Error(ErrorCode::invalid_argument,
                 "the id must be one such as " + std::string(prefix) + "_01J...");
}

}  // namespace causeway::gateway
