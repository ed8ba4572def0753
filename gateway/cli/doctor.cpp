// SPDX-License-Identifier: Apache-2.0
#include "gateway/cli/doctor.h"

#include "connectors/net/certificate.h"
#include "gateway/cli/command_runner.h"
#include "gateway/cli/text_table.h"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>
#include <filesystem>
#include <iostream>

namespace asio = boost::asio;
namespace fs = std::filesystem;
namespace json = boost::json;

namespace causeway::gateway {
namespace {

constexpr std::chrono::seconds kConnectMax{2};
constexpr std::chrono::days kExpiresSoon{30};
constexpr std::uintmax_t kMebibyte = 1'048'576;
constexpr std::uintmax_t kDiskLow = 2'048 * kMebibyte;
constexpr std::uintmax_t kDiskFull = 256 * kMebibyte;

constexpr std::array<std::pair<Health, std::string_view>, 3> kHealths{{
    {Health::ok, "ok"},
    {Health::warning, "warning"},
    {Health::failed, "failed"},
}};

bool any_failed(const std::vector<Diagnosis>& found) {
    return std::ranges::any_of(found,
                               [](const Diagnosis& one) { return one.health == Health::failed; });
}

// The rates and the chain belong to the books; here is what the configuration names.
void check_files(const Settings& settings, Timestamp now, std::vector<Diagnosis>& found) {
    found.push_back(check_secret_file("vault key", settings.vault_key_file));
    if (settings.signing_key_file.empty()) {
        found.push_back({"signing key", Health::warning, "none: no heads are made"});
    } else {
        found.push_back(check_secret_file("signing key", settings.signing_key_file));
    }
    found.push_back(check_secret_file("TLS key", settings.listen.private_key));
    found.push_back(check_certificate("TLS certificate", settings.listen.certificate, now));
    for (const ConnectorSettings& one : settings.connectors) {
        if (!one.place) continue;
        const std::string name = "connector " + one.common.name;
        const net::ConnectConfig& place = *one.place;
        if (!place.ca_file.empty()) {
            found.push_back(check_certificate(name + " CA", place.ca_file, now));
        }
        if (place.certificate_file.empty()) continue;
        found.push_back(check_certificate(name + " certificate", place.certificate_file, now));
        found.push_back(check_secret_file(name + " key", place.private_key_file));
    }
}

CommandOutput without_books(const std::vector<Diagnosis>& found, const Error& error, bool as_json) {
    std::vector<Diagnosis> all = found;
    all.push_back({"database", Health::failed, error.detail()});
    CommandOutput output = report(all, as_json);
    output.exit_code = kExitEnvironment;
    return output;
}

CommandOutput diagnose(const DoctorChoice& choice) {
    const Result<Settings> settings = load_settings(choice.database.config_file);
    if (!settings) {
        CommandOutput output =
            report({{"configuration", Health::failed, settings.error().detail()}}, choice.json);
        output.exit_code = kExitEnvironment;
        return output;
    }
    std::vector<Diagnosis> found{{"configuration", Health::ok, choice.database.config_file}};
    for (Diagnosis& one : check_surroundings(*settings, SystemClock().now()))
        found.push_back(std::move(one));
    const Result<CommandOutput> books =
        ask_books(choice.database, {.name = "doctor books", .options = {{"json", "true"}}});
    if (!books) return without_books(found, books.error(), choice.json);
    const Result<std::vector<Diagnosis>> inside = read_report(books->out);
    if (!inside) {
        const std::string said = books->err.empty() ? inside.error().detail() : books->err;
        return without_books(found, Error(ErrorCode::storage, said), choice.json);
    }
    found.insert(found.end(), inside->begin(), inside->end());
    return report(found, choice.json);
}

}  // namespace

std::string_view to_string(Health health) noexcept {
    for (const auto& [value, text] : kHealths) {
        if (value == health) return text;
    }
    return "failed";
}

CommandOutput report(const std::vector<Diagnosis>& found, bool as_json) {
    CommandOutput output;
    output.exit_code = any_failed(found) ? kExitFound : kExitOk;
    if (!as_json) {
        TextTable table({{"CHECK"}, {"STATE"}, {"DETAIL"}});
        for (const Diagnosis& one : found)
            table.row({one.check, std::string(to_string(one.health)), printable(one.detail)});
        output.out = table.to_string();
        return output;
    }
    json::array checks;
    for (const Diagnosis& one : found) {
        json::object members;
        members["check"] = one.check;
        members["state"] = to_string(one.health);
        members["detail"] = one.detail;
        checks.push_back(std::move(members));
    }
    json::object members;
    members["healthy"] = output.exit_code == kExitOk;
    members["checks"] = std::move(checks);
    output.out = json::serialize(members) + "\n";
    return output;
}

Result<std::vector<Diagnosis>> read_report(std::string_view json_text) {
    const Error broken(ErrorCode::integrity, "the books gave no report");
    boost::system::error_code failed;
    const json::value value = json::parse(json_text, failed);
    if (failed || !value.is_object() || !value.as_object().contains("checks")) return broken;
    std::vector<Diagnosis> found;
    for (const json::value& one : value.at("checks").as_array()) {
        Diagnosis diagnosis{.check = std::string(one.at("check").as_string()),
                            .health = Health::failed,
                            .detail = std::string(one.at("detail").as_string())};
        for (const auto& [health, text] : kHealths) {
            if (one.at("state").as_string() == text) diagnosis.health = health;
        }
        found.push_back(std::move(diagnosis));
    }
    return found;
}

Diagnosis check_secret_file(const std::string& what, const std::string& path) {
    if (path.empty()) return {what, Health::failed, "no file is named"};
    std::error_code failed_to;
    const fs::file_status status = fs::status(path, failed_to);
    if (failed_to || !fs::is_regular_file(status)) {
        return {what, Health::failed, "there is no file " + path};
    }
    const fs::perms others = fs::perms::group_all | fs::perms::others_all;
    if ((status.permissions() & others) != fs::perms::none) {
        return {what, Health::failed, path + " may be read by others; chmod 600"};
    }
    return {what, Health::ok, path};
}

Diagnosis check_certificate(const std::string& what, const std::string& path, Timestamp now) {
    const Result<Timestamp> end = net::certificate_end(path);
    if (!end) return {what, Health::failed, end.error().detail()};
    if (*end <= now) return {what, Health::failed, path + " ended at " + to_rfc3339(*end)};
    const bool soon = *end - now < kExpiresSoon;
    return {what,
            soon ? Health::warning : Health::ok,
            path + (soon ? " ends soon, at " : " lasts until ") + to_rfc3339(*end)};
}

Diagnosis check_disk(const std::string& database_url) {
    const Result<std::string> path = ledger::sqlite_path(database_url);
    if (!path) return {"disk", Health::ok, "the database is on a server"};
    std::error_code failed_to;
    const fs::path folder = fs::absolute(*path).parent_path();
    const fs::space_info space = fs::space(folder, failed_to);
    if (failed_to) return {"disk", Health::failed, "cannot look at " + folder.string()};
    const std::string left =
        std::to_string(space.available / kMebibyte) + " MiB left at " + folder.string();
    if (space.available < kDiskFull) return {"disk", Health::failed, left};
    return {"disk", space.available < kDiskLow ? Health::warning : Health::ok, left};
}

Diagnosis check_provider(const ConnectorSettings& connector) {
    const std::string what = "provider of " + connector.common.name;
    const std::string place = connector.place->host + ":" + std::to_string(connector.place->port);
    asio::io_context io(1);
    boost::system::error_code failed_to = asio::error::timed_out;
    asio::ip::tcp::socket socket(io);
    asio::ip::tcp::resolver resolver(io);
    boost::system::error_code unresolved;
    const auto addresses =
        resolver.resolve(connector.place->host, std::to_string(connector.place->port), unresolved);
    if (unresolved) return {what, Health::failed, place + ": " + unresolved.message()};
    asio::async_connect(socket,
                        addresses,
                        [&failed_to](const boost::system::error_code& outcome,
                                     const asio::ip::tcp::endpoint&) { failed_to = outcome; });
    io.run_for(kConnectMax);
    if (failed_to) return {what, Health::failed, place + ": " + failed_to.message()};
    return {what, Health::ok, place + " can be reached"};
}

std::vector<Diagnosis> check_surroundings(const Settings& settings, Timestamp now) {
    std::vector<Diagnosis> found;
    check_files(settings, now, found);
    found.push_back(check_disk(settings.database));
    for (const ConnectorSettings& one : settings.connectors) {
        if (one.place) found.push_back(check_provider(one));
    }
    return found;
}

int run_doctor(const DoctorChoice& choice) {
    const CommandOutput output = diagnose(choice);
    std::cout << output.out << std::flush;
    std::cerr << output.err;
    return output.exit_code;
}

}  // namespace causeway::gateway
