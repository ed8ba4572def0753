// SPDX-License-Identifier: Apache-2.0
#include "gateway/cli/db_commands.h"

#include "gateway/schema_store.h"
#include "ledger/backup/backup.h"
#include "ledger/digest.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <string_view>

namespace json = boost::json;

namespace causeway::gateway {
namespace {

using ledger::CopyReport;

// What a report is about, and what became of it.
struct Deed {
    std::string_view done;    ///< "restored"
    std::string_view undone;  ///< "nothing was restored"
    bool kept;
};

bool is_sound(const CopyReport& report) {
    return report.verified.findings.empty();
}

json::object as_json(const CopyReport& report, const std::string& file, const Deed& deed) {
    json::array lanes;
    for (const ledger::LaneTip& tip : report.tips) {
        json::object lane;
        lane["lane"] = tip.lane;
        lane["last_sequence"] = tip.last_sequence;
        lane["hash"] = to_hex(tip.hash);
        lanes.push_back(std::move(lane));
    }
    json::array findings;
    for (const ledger::Finding& finding : report.verified.findings) {
        json::object one;
        one["rule"] = finding.rule;
        one["detail"] = finding.detail;
        findings.push_back(std::move(one));
    }
    json::object members;
    members["ok"] = is_sound(report);
    members[deed.done] = deed.kept;
    members["file"] = file;
    members["bytes"] = report.bytes;
    members["schema_version"] = report.schema_version;
    members["entries"] = report.verified.entries;
    members["lines"] = report.verified.lines;
    members["accounts"] = report.verified.accounts;
    members["heads"] = report.verified.heads;
    members["lanes"] = std::move(lanes);
    members["findings"] = std::move(findings);
    return members;
}

std::string as_text(const CopyReport& report, const std::string& file, const Deed& deed) {
    std::string text = "file      " + file + "\nbytes     " + std::to_string(report.bytes) +
                       "\nschema    " + std::to_string(report.schema_version) + "\nentries   " +
                       std::to_string(report.verified.entries) + "\nlines     " +
                       std::to_string(report.verified.lines) + "\naccounts  " +
                       std::to_string(report.verified.accounts) + "\n";
    for (const ledger::LaneTip& tip : report.tips) {
        text += "lane " + std::to_string(tip.lane) + "    last entry " +
                std::to_string(tip.last_sequence) + ", hash " + to_hex(tip.hash) + "\n";
    }
    for (const ledger::Finding& finding : report.verified.findings)
        text += "FOUND     " + finding.rule + ": " + finding.detail + "\n";
    text += is_sound(report) ? "the books verify; " : "the books do not verify; ";
    text += deed.kept ? deed.done : deed.undone;
    return text + "\n";
}

CommandOutput shown(const CopyReport& report, const CommandRequest& request, const Deed& deed) {
    const std::string& file = request.arguments.front();
    CommandOutput output;
    output.exit_code = is_sound(report) ? kExitOk : kExitFound;
    output.out = request.flag("json") ? json::serialize(as_json(report, file, deed)) + "\n"
                                      : as_text(report, file, deed);
    return output;
}

}  // namespace

CommandOutput db_backup(CommandContext& context, const CommandRequest& request) {
    if (request.arguments.size() != 1) return usage_error("db backup wants a file");
    const bool keep_broken = request.flag("keep-broken");
    const Result<CopyReport> report = ledger::back_up(
        context.database, schema(), request.arguments.front(), {.keep_broken = keep_broken});
    if (!report) return failed(report.error());
    return shown(*report,
                 request,
                 {.done = "kept",
                  .undone = "the copy was not kept",
                  .kept = is_sound(*report) || keep_broken});
}

CommandOutput db_restore(const std::string& url, const CommandRequest& request) {
    if (request.arguments.size() != 1) return usage_error("db restore wants a backup");
    const Result<CopyReport> report = ledger::restore(request.arguments.front(), url, schema());
    if (!report) return failed(report.error());
    return shown(*report,
                 request,
                 {.done = "restored", .undone = "nothing was restored", .kept = is_sound(*report)});
}

}  // namespace causeway::gateway
