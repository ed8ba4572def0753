// SPDX-License-Identifier: Apache-2.0
//
// How every fallible function in this code base reports failure.
//
// A function that can fail for a reason its caller should handle returns
// Result<T>. Exceptions are left for what no caller can handle on the spot:
// a broken configuration at start-up, exhausted memory, a bug.
#pragma once

#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

namespace causeway {

/// The closed list of reasons an operation can fail.
///
/// The enumerator's spelling is also its name in the HTTP API, in logs and in
/// metrics, so renaming one breaks clients.
enum class ErrorCode {
    invalid_argument,   ///< The input can never succeed; retrying is pointless.
    currency_mismatch,  ///< Two amounts in different currencies met.
    amount_overflow,    ///< The exact result does not fit in 64 bits.
    not_found,          ///< The named thing does not exist.
    conflict,           ///< The thing's present state forbids the step, or it exists already.
    limit_exceeded,     ///< More than what is left to capture, refund or pay out.
    expired,            ///< The promise (a quote, an authorisation) has run out.
    integrity,          ///< What came in contradicts what we know; nobody is believed.
    declined,           ///< The counterparty refused; no money moved.
    unavailable,        ///< Nothing left this process; retrying is safe.
    outcome_unknown,    ///< A request was sent and its fate is not known.
    storage,            ///< The database could not be read; nothing was changed.
};

/// Spells `code` exactly as the enumerator is written.
[[nodiscard]] std::string_view to_string(ErrorCode code) noexcept;

/// Why an operation failed.
///
/// `detail` is written for the operator who reads the log. It never carries
/// secrets, account numbers or names of persons.
class Error {
  public:
    explicit Error(ErrorCode code, std::string detail = {})
        : code_(code), detail_(std::move(detail)) {}

    [[nodiscard]] ErrorCode code() const noexcept { return code_; }
    [[nodiscard]] const std::string& detail() const noexcept { return detail_; }

    friend bool operator==(const Error&, const Error&) = default;

  private:
    ErrorCode code_;
    std::string detail_;
};

/// Either a T or the Error that explains its absence.
///
/// The members are a subset of std::expected (C++23) with the same meaning, so
/// this class can one day become an alias. Reading the side that is not there
/// is a bug in the caller and throws std::bad_variant_access.
template <class T>
class [[nodiscard]] Result {
    static_assert(!std::is_same_v<T, Error>, "a Result cannot hold an Error as its value");

  public:
    Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
    Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

    [[nodiscard]] bool has_value() const noexcept { return state_.index() == 0; }
    explicit operator bool() const noexcept { return has_value(); }

    [[nodiscard]] T& operator*() & { return std::get<0>(state_); }
    [[nodiscard]] const T& operator*() const& { return std::get<0>(state_); }
    [[nodiscard]] T&& operator*() && { return std::get<0>(std::move(state_)); }
    [[nodiscard]] T* operator->() { return &std::get<0>(state_); }
    [[nodiscard]] const T* operator->() const { return &std::get<0>(state_); }

    [[nodiscard]] const Error& error() const { return std::get<1>(state_); }

  private:
    std::variant<T, Error> state_;
};

/// Success without a value, or the Error that prevented it.
template <>
class [[nodiscard]] Result<void> {
  public:
    Result() = default;
    Result(Error error) : state_(std::move(error)) {}

    [[nodiscard]] bool has_value() const noexcept { return state_.index() == 0; }
    explicit operator bool() const noexcept { return has_value(); }

    [[nodiscard]] const Error& error() const { return std::get<1>(state_); }

  private:
    std::variant<std::monostate, Error> state_;
};

}  // namespace causeway
