// SPDX-License-Identifier: Apache-2.0
//
// Source: European Central Bank, euro foreign exchange reference rates, the publication days from
// 2026-04-07 to 2026-04-13, every currency with a rate (eurofxref-hist.csv). In the bank's own
// layout, so that the same reader that takes tomorrow's file takes these.
#include "fx/builtin_rates.h"

#include <stdexcept>
#include <string_view>

namespace causeway::fx {
namespace {

constexpr std::string_view kRates =
    "Date,USD,JPY,CZK,DKK,GBP,HUF,PLN,RON,SEK,CHF,ISK,NOK,TRY,AUD,BRL,CAD,CNY,HKD,"
    "IDR,ILS,INR,KRW,MXN,MYR,NZD,PHP,SGD,THB,ZAR,\n"
    "2026-04-13,1.1684,186.75,24.378,7.4727,0.87058,366.9,4.2543,5.092,10.892,0.9242,"
    "143.2,11.098,52.2478,1.661,5.874,1.6177,7.9827,9.1507,20082.05,3.5787,109.047,"
    "1740.86,20.3203,4.6444,2.0081,70.356,1.4912,37.728,19.3849,\n"
    "2026-04-10,1.1711,186.43,24.365,7.4727,0.87105,377.2,4.2435,5.0915,10.836,"
    "0.9241,143.29,11.1165,52.3147,1.6561,5.9191,1.6187,7.9967,9.1729,20020.25,"
    "3.5709,108.7795,1737.06,20.3184,4.6434,2.0034,70.088,1.4919,37.592,19.2389,\n"
    "2026-04-09,1.1685,185.7,24.401,7.4728,0.87053,377.08,4.2558,5.0932,10.8765,"
    "0.924,143.6,11.1265,52.1047,1.6593,5.9584,1.6175,7.9863,9.1551,19978.14,3.6029,"
    "108.2738,1728.78,20.3739,4.6541,2.0019,69.883,1.4891,37.503,19.2009,\n"
    "2026-04-08,1.1706,185.13,24.38,7.4728,0.86893,375.63,4.2538,5.0952,10.784,"
    "0.9223,143.8,11.1535,52.0707,1.6589,5.9488,1.6225,7.9948,9.1685,19872.46,3.6016,"
    "107.9533,1725.73,20.3696,4.6543,2.0055,69.531,1.49,37.313,19.093,\n"
    "2026-04-07,1.1557,184.73,24.531,7.4725,0.87258,382.3,4.2753,5.0954,10.99,0.9242,"
    "143.8,11.183,51.5551,1.6665,5.9506,1.6078,7.9251,9.0564,19727.97,3.6361,"
    "107.4895,1730.56,20.5167,4.6586,2.0267,69.628,1.4847,37.687,19.5192,\n";

}  // namespace

const Feed& builtin_feed() {
    static const Feed feed = [] {
        Result<Feed> read = read_feed(kRates);
        if (!read) throw std::logic_error("the built-in rates: " + read.error().detail());
        return *std::move(read);
    }();
    return feed;
}

}  // namespace causeway::fx
