// SPDX-License-Identifier: Apache-2.0
#include "connectors/boleto/sandbox/file_desk.h"

#include "connectors/boleto/sandbox/statement.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

namespace causeway::connectors::boleto::sandbox {
namespace {

std::string compact(Day day) {
    std::string text = to_text(day);
    text.erase(std::remove(text.begin(), text.end(), '-'), text.end());
    return text;
}

std::string retorno_name(const HouseConfig& house, const RetornoFile& file) {
    std::string number = std::to_string(file.number);
    number.insert(0, number.size() < 5 ? 5 - number.size() : 0, '0');
    return "retorno-" + std::string(cnab::layout_of(house.layout).bank) + "-" + number + "-" +
           compact(file.day) + ".ret";
}

std::string statement_name(const HouseConfig& house, const DayStatement& statement) {
    return "extrato-" + std::string(cnab::layout_of(house.layout).bank) + "-" + statement.account +
           "-" + compact(statement.day) + ".xml";
}

std::string renamed(const std::string& name, std::string_view mark) {
    const std::size_t dot = name.rfind('.');
    return name.substr(0, dot) + std::string(mark) + name.substr(dot);
}

}  // namespace

FileTrick FileDesk::next_trick() {
    if (script_.empty()) return FileTrick::deliver;
    const FileTrick trick = script_.front();
    script_.pop_front();
    return trick;
}

Result<FileDesk::Made> FileDesk::number(RetornoFile file) {
    file.number = numbered_ + 1;
    auto bytes = write_retorno_of(house_, file);
    if (!bytes) return bytes.error();
    ++numbered_;
    Made made{.name = retorno_name(house_, file), .bytes = *std::move(bytes)};
    good_[file.number] = made;
    return made;
}

Result<std::vector<FileDesk::Made>> FileDesk::retornos(const NightWork& night) {
    std::vector<Made> made;
    RetornoFile file{.day = night.day, .credit_on = night.credit_on};
    for (const Happening& it : night.happenings) {
        if (!occurrence_of(house_.layout, it.kind).empty()) file.happenings.push_back(it);
    }
    if (file.happenings.empty()) return made;
    const FileTrick trick = next_trick();
    RetornoFile rest = file;
    if (trick == FileTrick::split) {
        const auto middle = static_cast<std::ptrdiff_t>(file.happenings.size() / 2);
        rest.happenings.erase(rest.happenings.begin(), rest.happenings.begin() + middle);
        file.happenings.erase(file.happenings.begin() + middle, file.happenings.end());
    }
    auto first = number(file);
    if (!first) return first.error();
    switch (trick) {
        case FileTrick::deliver: break;
        case FileTrick::lose: return made;
        case FileTrick::late: late_.push_back(*std::move(first)); return made;
        case FileTrick::twice: made.push_back({renamed(first->name, "-2"), first->bytes}); break;
        case FileTrick::bad_count:
            first->bytes = with_wrong_count(house_, std::move(first->bytes));
            break;
        case FileTrick::bad_line:
            first->bytes = with_bad_line(house_, std::move(first->bytes));
            break;
        case FileTrick::halves: {
            const std::size_t middle = first->bytes.size() / 2;
            made.push_back({renamed(first->name, "-b"), first->bytes.substr(middle)});
            made.push_back({renamed(first->name, "-a"), first->bytes.substr(0, middle)});
            return made;
        }
        case FileTrick::split: {
            auto second = number(std::move(rest));
            if (!second) return second.error();
            made.push_back(*std::move(second));
            break;
        }
    }
    made.push_back(*std::move(first));
    return made;
}

Result<void> FileDesk::put(const Made& made) {
    files_[made.name] = made.bytes;
    if (folder_.empty()) return {};
    std::error_code failed;
    std::filesystem::create_directories(folder_, failed);
    const std::filesystem::path place = std::filesystem::path(folder_) / made.name;
    const std::filesystem::path draft = place.string() + ".part";
    {
        std::ofstream file(draft, std::ios::binary | std::ios::trunc);
        file << made.bytes;
        file.close();
        if (!file) return Error(ErrorCode::storage, "cannot write into " + folder_);
    }
    std::filesystem::rename(draft, place, failed);
    if (failed) return Error(ErrorCode::storage, "cannot write into " + folder_);
    return {};
}

Result<std::vector<std::string>> FileDesk::deliver(const NightWork& night, Timestamp made) {
    std::vector<Made> files = std::exchange(late_, {});
    auto today = retornos(night);
    if (!today) return today.error();
    std::move(today->begin(), today->end(), std::back_inserter(files));
    for (const DayStatement& statement : night.statements) {
        files.push_back({.name = statement_name(house_, statement),
                         .bytes = write_statement(house_, statement, made)});
    }
    std::vector<std::string> names;
    for (const Made& file : files) {
        const auto written = put(file);
        if (!written) return written.error();
        names.push_back(file.name);
    }
    std::sort(names.begin(), names.end());
    return names;
}

Result<std::string> FileDesk::resend(std::int64_t number) {
    const auto it = good_.find(number);
    if (it == good_.end()) return Error(ErrorCode::not_found, "retorno " + std::to_string(number));
    const Made again{.name = renamed(it->second.name, "-r"), .bytes = it->second.bytes};
    const auto written = put(again);
    if (!written) return written.error();
    return again.name;
}

}  // namespace causeway::connectors::boleto::sandbox
