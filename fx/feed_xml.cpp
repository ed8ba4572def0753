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

Error wrong(const std::string& place, const std::string& what) {
    return Error(ErrorCode::invalid_argument, place + ": " + what);
}

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

Result<void> read_day(const pugi::xml_node& cube, FeedBuilder& builder) {
    const std::string place =
        "Cube[time=" + std::string(cube.attribute("time").value()).substr(0, 32) + "]";
    if (local_name(cube) != "Cube" || !has_exactly(cube, {"time"})) {
        return wrong("Envelope/Cube", "an element that is no Cube of one time");
    }
    const Result<Day> day = parse_day(cube.attribute("time").value());
    if (!day) return wrong(place, "the time is no date");
    for (const pugi::xml_node& rate : cube.children()) {
        if (!is_element(rate) || local_name(rate) != "Cube" ||
            !has_exactly(rate, {"currency", "rate"}) || rate.first_child()) {
            return wrong(place, "a child that is no Cube of currency and rate");
        }
        const char* const code = rate.attribute("currency").value();
        Result<void> added =
            builder.add(*day,
                        code,
                        rate.attribute("rate").value(),
                        place + "/Cube[currency=" + std::string(code).substr(0, 8) + "]");
        if (!added) return added;
    }
    return {};
}

Result<void> read_envelope(const pugi::xml_node& envelope, FeedBuilder& builder) {
    for (const pugi::xml_node& child : envelope.children()) {
        if (local_name(child) != "Cube") continue;  // the subject and the sender
        for (const pugi::xml_node& cube : child.children()) {
            if (!is_element(cube)) return wrong("Envelope/Cube", "text where a day should be");
            Result<void> read = read_day(cube, builder);
            if (!read) return read;
        }
    }
    return {};
}

Result<pugi::xml_node> root_of(const pugi::xml_document& document) {
    pugi::xml_node root;
    for (const pugi::xml_node& node : document.children()) {
        if (node.type() == pugi::node_doctype) {
            return wrong("DOCTYPE", "a document type is not accepted");
        }
        if (!is_element(node)) continue;
        if (root) return wrong(node.name(), "a second root element");
        root = node;
    }
    if (local_name(root) != "Envelope") {
        return wrong(std::string(root.name()).substr(0, 64), "the root is no Envelope");
    }
    return root;
}

}  // namespace

Result<Feed> read_xml_feed(std::string_view content) {
    pugi::xml_document document;
    // Text is kept, so that stray text is noticed; pugixml itself never expands an entity of a
    // document type, and a document type is refused below.
    constexpr unsigned kOptions = pugi::parse_default | pugi::parse_doctype;
    const pugi::xml_parse_result parsed =
        document.load_buffer(content.data(), content.size(), kOptions, pugi::encoding_utf8);
    if (!parsed) {
        const auto offset = std::min(
            static_cast<std::size_t>(std::max<std::ptrdiff_t>(parsed.offset, 0)), content.size());
        const auto line = std::ranges::count(content.substr(0, offset), '\n') + 1;
        return wrong("line " + std::to_string(line),
                     std::string("the XML is not well-formed: ") + parsed.description());
    }
    const Result<pugi::xml_node> root = root_of(document);
    if (!root) return root.error();
    FeedBuilder builder;
    const Result<void> read = read_envelope(*root, builder);
    if (!read) return read.error();
    return builder.take(FeedFormat::xml);
}

}  // namespace causeway::fx
