// SPDX-License-Identifier: Apache-2.0
//
// <gesmes:Envelope><Cube><Cube time="..."><Cube currency="..." rate="..."/>: one element with a
// time in the daily file, one a day in the file of ninety days and in the history.
#include "fx/feed_parts.h"

#include <algorithm>
#include <initializer_list>
#include <iterator>
#include <pugixml.hpp>

namespace causeway::fx {
namespace {

// Parsed, it takes many times its own size; the whole history is half of this.
constexpr std::size_t kXmlBytesMax = 16'777'216;

// The line of the file in which an element stands. Asked in the order of the file, it reads the
// file once in all.
class Lines {
  public:
    explicit Lines(std::string_view content) : content_(content) {}

    std::int64_t of(std::ptrdiff_t offset) {
        const auto wanted = std::min(static_cast<std::size_t>(std::max<std::ptrdiff_t>(offset, 0)),
                                     content_.size());
        if (wanted < at_) return of_start(wanted);
        line_ += std::ranges::count(content_.substr(at_, wanted - at_), '\n');
        at_ = wanted;
        return line_;
    }
    std::int64_t of(const pugi::xml_node& node) { return of(node.offset_debug()); }

  private:
    [[nodiscard]] std::int64_t of_start(std::size_t wanted) const {
        return 1 + std::ranges::count(content_.substr(0, wanted), '\n');
    }

    std::string_view content_;
    std::size_t at_ = 0;
    std::int64_t line_ = 1;
};

std::string_view local_name(const pugi::xml_node& node) {
    const std::string_view name = node.name();
    return name.substr(name.find(':') + 1);
}

bool is_element(const pugi::xml_node& node) {
    return node.type() == pugi::node_element;
}

// The element has these attributes, each once, and no others.
bool has_exactly(const pugi::xml_node& node, std::initializer_list<const char*> names) {
    const auto attributes = node.attributes();
    const auto count =
        static_cast<std::size_t>(std::distance(attributes.begin(), attributes.end()));
    return count == names.size() && std::ranges::all_of(names, [&node](const char* name) {
               return !node.attribute(name).empty();
           });
}

Result<void> read_day(const pugi::xml_node& cube, FeedBuilder& builder, Lines& lines) {
    Place place{.line = lines.of(cube)};
    if (local_name(cube) != "Cube" || !has_exactly(cube, {"time"})) {
        return wrong_at(place, "an element that is no Cube of one time");
    }
    place.day = cube.attribute("time").value();
    const Result<Day> day = parse_day(place.day);
    if (!day) return wrong_at(place, "the time is no date");
    for (const pugi::xml_node& rate : cube.children()) {
        place.line = lines.of(rate);
        if (!is_element(rate) || local_name(rate) != "Cube" ||
            !has_exactly(rate, {"currency", "rate"}) || rate.first_child()) {
            return wrong_at(place, "a child that is no Cube of currency and rate");
        }
        place.currency = rate.attribute("currency").value();
        Result<void> added =
            builder.add(*day, place.currency, rate.attribute("rate").value(), place);
        if (!added) return added;
        place.currency = {};
    }
    return {};
}

Result<void> read_envelope(const pugi::xml_node& envelope, FeedBuilder& builder, Lines& lines) {
    for (const pugi::xml_node& child : envelope.children()) {
        if (local_name(child) != "Cube") continue;  // the subject and the sender
        for (const pugi::xml_node& cube : child.children()) {
            if (!is_element(cube)) {
                return wrong_at({.line = lines.of(cube)}, "text where a day should be");
            }
            Result<void> read = read_day(cube, builder, lines);
            if (!read) return read;
        }
    }
    return {};
}

Result<pugi::xml_node> root_of(const pugi::xml_document& document, Lines& lines) {
    pugi::xml_node root;
    for (const pugi::xml_node& node : document.children()) {
        if (node.type() == pugi::node_doctype) {
            return wrong_at({.line = lines.of(node)}, "a document type is not accepted");
        }
        if (!is_element(node)) continue;
        if (root) return wrong_at({.line = lines.of(node)}, "a second root element");
        root = node;
    }
    if (local_name(root) != "Envelope") {
        return wrong_at({.line = lines.of(root)}, "the root is no Envelope");
    }
    return root;
}

}  // namespace

Result<Feed> read_xml_feed(std::string_view content, const FeedLimits& limits) {
    if (content.size() > kXmlBytesMax) {
        return Error(ErrorCode::invalid_argument, "the XML is larger than 16 MiB");
    }
    const std::size_t nothing = content.find('\0');
    if (nothing != std::string_view::npos) {
        const auto lines = std::ranges::count(content.substr(0, nothing), '\n');
        return wrong_at({.line = lines + 1}, "a NUL in the XML");
    }
    // The reader would take the mark off and count its offsets from behind it.
    if (content.starts_with("\xEF\xBB\xBF")) content.remove_prefix(3);
    pugi::xml_document document;
    // Text is kept, so that stray text is noticed; pugixml itself never expands an entity of a
    // document type, and a document type is refused below.
    constexpr unsigned kOptions = pugi::parse_default | pugi::parse_doctype;
    const pugi::xml_parse_result parsed =
        document.load_buffer(content.data(), content.size(), kOptions, pugi::encoding_utf8);
    Lines lines(content);
    if (!parsed) {
        return wrong_at({.line = lines.of(parsed.offset)},
                        std::string("the XML is not well-formed: ") + parsed.description());
    }
    const Result<pugi::xml_node> root = root_of(document, lines);
    if (!root) return root.error();
    FeedBuilder builder(euro(), limits);
    const Result<void> read = read_envelope(*root, builder, lines);
    if (!read) return read.error();
    return builder.take(FeedFormat::xml);
}

}  // namespace causeway::fx
