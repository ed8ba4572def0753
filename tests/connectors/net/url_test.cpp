// SPDX-License-Identifier: Apache-2.0
#include "connectors/net/url.h"

#include "tests/support/case_name.h"

#include <gtest/gtest.h>

namespace causeway::net {
namespace {

TEST(Url, ComesApart) {
    const Result<Url> url = parse_url("https://Shop.Example:8443/hook?a=b");
    ASSERT_TRUE(url);
    EXPECT_TRUE(url->tls);
    EXPECT_EQ(url->host, "shop.example");
    EXPECT_EQ(url->port, 8443);
    EXPECT_EQ(url->target, "/hook?a=b");
    EXPECT_EQ(url->authority, "shop.example:8443");
}

TEST(Url, HasAPathAndAPortAlsoWhenItSaysNone) {
    EXPECT_EQ(parse_url("https://shop.example")->target, "/");
    EXPECT_EQ(parse_url("https://shop.example?x")->target, "/?x");
    EXPECT_EQ(parse_url("https://shop.example")->port, 443);
    EXPECT_EQ(parse_url("http://shop.example")->port, 80);
    EXPECT_EQ(parse_url("https://[2001:DB8::1]:9/x")->host, "2001:db8::1");
    EXPECT_EQ(parse_url("https://[2001:db8::1]:9/x")->port, 9);
    EXPECT_EQ(parse_url("https://127.0.0.1/")->host, "127.0.0.1");
}

// Each of these has led some checker to look at one host and some client to connect to another.
TEST(Url, IsRefusedWhenItCanBeReadInTwoWays) {
    const char* const doubtful[] = {"",
                                    "ftp://shop.example/",
                                    "https:/shop.example/",
                                    "https://",
                                    "https:///path",
                                    "https://user@shop.example/",
                                    "https://user:word@shop.example/",
                                    "https://shop.example#@10.0.0.1/",
                                    "https://shop.example\\@10.0.0.1/",
                                    "https://shop.example:0/",
                                    "https://shop.example:65536/",
                                    "https://shop.example:/",
                                    "https://shop.example:80:90/",
                                    "https://127.1/",
                                    "https://2130706433/",
                                    "https://0x7f000001/",
                                    "https://0177.0.0.1/",
                                    "https://10.0.0.1./",
                                    "https://shop%2eexample/",
                                    "https://sh\xC3\xB6p.example/",
                                    "https://shop.example/\r\nHost: other",
                                    "https://shop.example/a b",
                                    "https://[::1/",
                                    "https://[fe80::1%25eth0]/",
                                    "https://[shop.example]/"};
    for (const char* const text : doubtful)
        EXPECT_FALSE(parse_url(text)) << text;
    EXPECT_FALSE(parse_url("https://shop.example/" + std::string(2048, 'a')));
}

}  // namespace
}  // namespace causeway::net
