// SPDX-License-Identifier: Apache-2.0
#include "gateway/cli/command_line.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string_view>

namespace causeway::gateway {
namespace {

// What these options say is done here, or travels with the request in another form.
constexpr std::array<std::string_view, 8> kNotPassedOn{
    "config", "db", "file", "head", "help", "out", "output", "public-key"};

// Builds the tree and remembers which leaf the operator chose.
class Tree {
  public:
    Tree() : app_("Causeway: cross-border payments, settled and reconciled", "causeway") {
        app_.require_subcommand(1);
        add_serve();
        add_sandbox();
        add_version();
        add_doctor();
        add_merchants();
        add_payments();
        add_webhooks();
        add_events();
        add_listen();
        add_fx();
        add_notifications();
        add_receipts();
        add_boleto();
        add_settle();
        add_reconcile();
        add_ledger();
        add_db();
    }

    Choice parse(int argc, char** argv) {
        try {
            app_.parse(argc, argv);
        } catch (const CLI::ParseError& mistake) {
            const int code = app_.exit(mistake);
            return EndedChoice{code == 0 ? kExitOk : kExitUsage};
        }
        if (auto* const table = std::get_if<TableChoice>(&choice_)) {
            table->database = database_;
            table->out_folder = out_folder_;
            table->output_file = output_file_;
            if (!out_file_.empty()) {
                const std::filesystem::path out(out_file_);
                table->out_folder = out.has_parent_path() ? out.parent_path().string() : ".";
            }
            const bool wants_file = table->request.name == "boleto remessa";
            if (wants_file && table->out_folder.empty()) table->out_folder = ".";
            return complete(table->request);
        }
        if (auto* const files = std::get_if<FileChoice>(&choice_)) return complete(files->request);
        return choice_;
    }

  private:
    void add_database(CLI::App* command) {
        command->add_option("--config", database_.config_file, "Configuration file")
            ->envname("CAUSEWAY_CONFIG");
        command
            ->add_option(
                "--db", database_.database_url, "Database: sqlite:PATH or postgresql://...")
            ->envname("CAUSEWAY_DB");
    }

    void add_version() {
        CLI::App* const version = app_.add_subcommand("version", "Print the version");
        version->add_flag("--json", json_, "Print JSON");
        version->callback([this] { choice_ = VersionChoice{.json = json_}; });
    }

    void add_doctor() {
        CLI::App* const doctor =
            app_.add_subcommand("doctor", "Look for what is wrong, or soon will be");
        add_database(doctor);
        doctor->get_option("--config")->required();
        doctor->add_flag("--json", json_, "Print JSON");
        doctor->callback([this] { choice_ = DoctorChoice{.database = database_, .json = json_}; });
    }

    void add_serve() {
        CLI::App* const serve = app_.add_subcommand("serve", "Run the gateway");
        add_database(serve);
        serve->add_option("--listen", listen_, "ADDRESS:PORT; port 0 picks a free one");
        serve->callback(
            [this] { choice_ = ServeChoice{.database = database_, .listen = listen_}; });
    }

    void add_sandbox() {
        CLI::App* const run =
            app_.add_subcommand("sandbox", "Run the acquirer's side, for development");
        run->require_subcommand(0, 1);
        run->add_option("--books", sandbox_.books, "The acquirer's books, a file");
        run->add_option("--listen", sandbox_.listen, "HOST:PORT for TLS");
        run->add_option("--cert", sandbox_.certificate, "PEM chain for TLS");
        run->add_option("--key", sandbox_.private_key, "PEM private key for TLS");
        run->add_option("--plain", sandbox_.plain, "HOST:PORT for TCP without TLS, loopback only");
        run->add_option(
            "--dialect", sandbox_.dialect, "ascii, ascii-bb, ascii-raw, ascii-wide, bcd");
        run->add_option("--late-ms", sandbox_.late_ms, "How late a late answer is");
        run->add_option("--settle",
                        sandbox_.settle,
                        "[ACCOUNT:]FROM=TO@RATE: pay in another currency, such as USD=EUR@0.85");
        CLI::App* const books = run->add_subcommand("books", "Print what the acquirer believes");
        books->add_option("--books", sandbox_.books, "The acquirer's books")->required();
        books->add_flag("--json", json_, "As JSON; there is no other form");
        books->callback([this] { sandbox_.action = "books"; });
        CLI::App* const file = run->add_subcommand("settlement", "Write a day's settlement file");
        file->add_option("--books", sandbox_.books, "The acquirer's books")->required();
        file->add_option("--date", sandbox_.date, "YYYY-MM-DD or today, UTC")->required();
        file->add_option("--out", sandbox_.out, "The file to write")->required();
        file->callback([this] { sandbox_.action = "settlement"; });
        CLI::App* const rates = run->add_subcommand("rates", "Publish rates over HTTPS");
        rates->add_option("--listen", sandbox_.listen, "HOST:PORT; port 0 picks one")->required();
        rates->add_option("--cert", sandbox_.certificate, "PEM chain")->required();
        rates->add_option("--key", sandbox_.private_key, "PEM private key")->required();
        rates->add_option("--base", sandbox_.base, "Currency that the rates are against");
        rates->add_option("--file", sandbox_.file, "Serve this file instead of built-in rates");
        rates->callback([this] { sandbox_.action = "rates"; });
        add_provider_sandboxes(*run, sandbox_.provider, sandbox_.action);
        run->final_callback([this] { choice_ = sandbox_; });
    }

    CLI::App* add_command(CLI::App* group, const std::string& name, const std::string& help) {
        CLI::App* const command = group->add_subcommand(name, help);
        add_database(command);
        const std::string full = group->get_name() + " " + name;
        command->callback([this, command, full] {
            choice_ = TableChoice{};
            std::get<TableChoice>(choice_).request.name = full;
            chosen_ = command;
        });
        add_flag(command, "json", "Print JSON");
        return command;
    }

    // Options of table commands live in one map; only those given on the line are passed on.
    CLI::Option* add_option(CLI::App* command, const std::string& name, const std::string& help) {
        return command->add_option(
            "--" + name,
            values_[command->get_parent()->get_name() + " " + command->get_name() + " " + name],
            help);
    }
    void add_flag(CLI::App* command, const std::string& name, const std::string& help) {
        const std::string key = command->get_parent()->get_name() + " " + command->get_name();
        command->add_flag("--" + name, flags_[key + " " + name], help);
    }

    void add_merchants() {
        CLI::App* const group = app_.add_subcommand("merchants", "Who takes payments here");
        group->require_subcommand(1);
        CLI::App* const create = add_command(group, "create", "Add a merchant");
        add_option(create, "name", "Name")->required();
        add_option(create, "country", "ISO 3166 code")->required();
        add_option(create, "currency", "Default settlement currency")->required();
        add_option(create, "settles", "Other settlement currencies, such as USD,JPY");
        add_option(create, "fee-bps", "Our fee in basis points of a capture");
        add_option(create, "fee-fixed", "Our fixed fee a payment, such as USD=30,EUR=25");
        (void)add_command(group, "list", "List merchants");
        add_flag(create, "platform", "It makes merchants of its own, and acts for them");
        add_option(create, "of", "The platform that it stands under, mer_...");
        add_id(add_command(group, "show", "Print a merchant"));
        add_keys();
        add_customers();
    }

    void add_keys() {
        CLI::App* const keys = app_.add_subcommand("keys", "API keys");
        keys->require_subcommand(1);
        CLI::App* const key = add_command(keys, "create", "Make a key; it is shown once");
        add_option(key, "merchant", "mer_...")->required();
        add_option(key, "kind", "secret, restricted or publishable");
        add_option(key, "type", "The same as --kind");
        add_option(key, "mode", "test or live")->required();
        add_option(key, "allow", "Of a restricted key, such as payments:read,refunds:write");
        add_option(key, "name", "What it is for");
        CLI::App* const list = add_command(keys, "list", "List keys, without what they are");
        add_option(list, "merchant", "Only of this merchant");
        add_id(add_command(keys, "revoke", "End a key, for good"));
    }

    void add_customers() {
        CLI::App* const group = app_.add_subcommand("customers", "Who buys");
        group->require_subcommand(1);
        CLI::App* const create = add_command(group, "create", "Add a customer");
        CLI::App* const list = add_command(group, "list", "List a merchant's customers");
        for (CLI::App* const command : {create, list}) {
            add_option(command, "merchant", "mer_...")->required();
            add_option(command, "mode", "test or live")->required();
        }
        add_option(create, "name", "Name");
        add_option(create, "email", "E-mail address");
        add_option(create, "country", "ISO 3166 code");
        add_option(create, "date-of-birth", "YYYY-MM-DD");
        add_option(list, "limit", "1 to 100");
        add_option(list, "starting-after", "The last id of the page before");
        add_id(add_command(group, "show", "Print a customer"));
        CLI::App* const connectors = app_.add_subcommand("connectors", "Ways to the providers");
        connectors->require_subcommand(1);
        (void)add_command(connectors, "list", "List connectors and what they can do");
    }

    // Whoever calls it stands in the timeline, unless the line says who it was.
    CLI::App* add_deed(CLI::App* group, const std::string& name, const std::string& help) {
        CLI::App* const command = add_command(group, name, help);
        add_option(command, "by", "Who does it; default: the user of this machine");
        return command;
    }

    void add_payments() {
        CLI::App* const payments = app_.add_subcommand("payments", "What buyers pay");
        CLI::App* const refunds = app_.add_subcommand("refunds", "What they get back");
        CLI::App* const disputes = app_.add_subcommand("disputes", "What their banks take back");
        for (CLI::App* const group : {payments, refunds, disputes}) {
            group->require_subcommand(1);
            CLI::App* const list = add_command(group, "list", "The newest");
            add_option(list, "merchant", "Only of this one, mer_...");
            add_pages(list);
            if (group == payments) add_flag(list, "in-doubt", "Operations that nobody answered");
            if (group != payments) add_option(list, "payment", "Only of this one, pay_...");
        }
        add_id(add_command(payments, "show", "Print a payment, all of it"));
        CLI::App* const decide = add_deed(payments, "decide", "Say what the provider does not");
        decide->add_option("operation", arguments_, "op_...")->required()->expected(1);
        add_option(decide, "outcome", "approved or declined")->required();
        add_option(decide, "reason", "How you know; kept in the timeline")->required();
        add_flag(decide, "force", "Although a reversal of it may have been sent");
        CLI::App* const capture = add_id(add_deed(payments, "capture", "Take what is authorised"));
        add_option(capture, "amount", "Such as 12.00; default: all of it");
        add_flag(capture, "final", "Give the rest back");
        add_id(add_deed(payments, "cancel", "Give the authorisation back"));
        CLI::App* const create = add_deed(refunds, "create", "Give money back");
        add_option(create, "payment", "pay_...")->required();
        add_option(create, "amount", "Such as 12.00; default: all that is left");
        add_option(create, "reason", "duplicate, fraudulent, requested_by_customer, other");
        add_id(add_command(disputes, "show", "Print a dispute"));
        add_id(add_deed(disputes, "accept", "Give in"));
        CLI::App* const evidence = add_deed(disputes, "evidence", "Contest it");
        add_id(evidence);
        evidence->add_option("--file", files_, "A JSON object of texts")->required();
    }

    void add_whose(CLI::App* command) {
        add_option(command, "merchant", "mer_...")->required();
        add_option(command, "mode", "test (unless you say it) or live");
    }

    void add_webhooks() {
        CLI::App* const group = app_.add_subcommand("webhooks", "Where merchants hear of events");
        group->require_subcommand(1);
        add_whose(add_command(group, "list", "List a merchant's endpoints"));
        CLI::App* const create = add_command(group, "create", "Add one; its secret is shown once");
        add_whose(create);
        add_option(create, "url", "https://...")->required();
        add_option(create, "events", "Types and families, such as payment.*,refund.failed");
        add_option(create, "signing", "hmac, ed25519 or both");
        add_id(add_command(group, "delete", "Delete an endpoint, and what waits for it"));
        add_id(add_command(group, "rotate", "New secret; the old one also signs for 24 hours"));
    }

    void add_events() {
        CLI::App* const group = app_.add_subcommand("events", "What happened");
        group->require_subcommand(1);
        CLI::App* const list = add_command(group, "list", "The newest events");
        add_whose(list);
        add_option(list, "limit", "How many, at most 100");
        CLI::App* const show = add_command(group, "show", "Print an event and its deliveries");
        add_whose(show);
        add_id(show);
        CLI::App* const again = add_command(group, "redeliver", "Send an event again, now");
        add_whose(again);
        add_id(again);
    }

    void add_listen() {
        CLI::App* const listen =
            app_.add_subcommand("listen", "Post a merchant's new events to a URL of yours");
        add_database(listen);
        listen->add_option("--forward-to", listen_to_.forward_to, "http://localhost:PORT/...")
            ->required();
        listen->add_option("--merchant", listen_to_.merchant, "mer_...");
        listen->add_option("--mode", listen_to_.mode, "test or live");
        listen->add_option("--events", listen_to_.events, "Types and families, such as payment.*")
            ->delimiter(',');
        listen->add_option("--api", listen_to_.api, "https://HOST:PORT, instead of a database");
        listen->add_option("--key", listen_to_.key, "An API key")->envname("CAUSEWAY_KEY");
        listen->add_option("--ca", listen_to_.ca, "Authorities to trust, PEM");
        listen->add_flag("--print-json", listen_to_.print_json, "Print each event");
        listen->callback([this] {
            listen_to_.database = database_;
            choice_ = listen_to_;
        });
        CLI::App* const trigger =
            app_.add_subcommand("trigger", "Make an event in test mode, with an invented object");
        add_database(trigger);
        trigger->callback([this, trigger] {
            choice_ = TableChoice{};
            std::get<TableChoice>(choice_).request.name = "trigger";
            chosen_ = trigger;
        });
        add_flag(trigger, "json", "Print JSON");
        add_option(trigger, "merchant", "mer_...")->required();
        trigger->add_option("event", arguments_, "Such as payment.succeeded")
            ->required()
            ->expected(1);
    }

    void add_fx() {
        CLI::App* const group = app_.add_subcommand("fx", "Rates and quotes");
        group->require_subcommand(1);
        add_rate_sources(group);
        CLI::App* const rates = add_command(group, "rates", "Rates of a day, or of a pair");
        rates->add_option("PAIR", arguments_, "Such as USD/BRL")->expected(0, 1);
        add_option(rates, "source", "Name of the source; default: the one asked first");
        add_option(rates, "date", "YYYY-MM-DD: of that day or before");
        add_option(rates, "since", "YYYY-MM-DD: of a pair, from that day; default: a year ago");
        add_option(rates, "until", "YYYY-MM-DD: of a pair, up to that day");
        add_flag(rates, "plot", "Draw the pair's history");
        add_flag(rates, "ascii", "Draw it without Unicode");
        add_flag(rates, "svg", "Print the pair's history as SVG");
        CLI::App* const convert = add_command(group, "convert", "Convert at the mid rate");
        add_option(convert, "date", "YYYY-MM-DD: of that day or before; default: as a quote now");
        add_option(convert, "source", "Name of the source; default: as a quote now");
        add_words(convert, {"AMOUNT", "FROM", "TO"});
        CLI::App* const quote = add_command(group, "quote", "What a quote would say");
        add_words(quote, {"AMOUNT", "FROM", "TO"});
        add_flag(quote, "target", "AMOUNT is what is to arrive, in TO");
        add_option(quote, "merchant", "mer_...: by the terms of this merchant");
        add_option(quote, "valid-for", "Seconds");
        add_fx_books(group);
    }

    void add_fx_books(CLI::App* group) {
        CLI::App* const positions = add_command(group, "positions", "What is open of each pair");
        add_option(positions, "date", "YYYY-MM-DD: at the end of that day");
        CLI::App* const trade = add_deed(group, "trade", "Book a hedge that was made at a bank");
        add_words(trade, {"PAIR"});
        add_option(trade, "base", "Bought of the first currency; negative: sold")->required();
        add_option(trade, "counter", "Paid in the second one; negative: received")->required();
        add_option(trade, "reason", "Why; kept with the trade")->required();
        add_option(trade, "id", "What you or the bank call it; booked once");
        add_option(trade, "bank", "Name of the bank account; default: bank");
        add_flag(trade, "test", "In the test books; so unless you say --live");
        add_flag(trade, "live", "In the live books");
        add_flag(
            trade, "off-market", "The rate is meant, far as it is from the day's, or without any");
        add_flag(trade, "new-pair", "Although there is a position of PAIR the other way round");
        CLI::App* const revalue = add_deed(group, "revalue", "Book what a day made unrealised");
        add_option(revalue, "date", "YYYY-MM-DD; default: yesterday");
        add_flag(revalue, "again", "That day was wrong: take it back and book it anew");
        add_option(revalue, "reason", "Why again; kept with what was taken back");
    }

    void add_rate_sources(CLI::App* group) {
        CLI::App* const import = add_command(group, "import", "Import files of a source");
        import->add_option("files", files_, "Files")->required();
        add_option(import, "source", "Name of the source; default: the one asked first");
        add_flag(import, "correct", "Another rate for a known day is a correction");
        add_flag(import, "gaps", "Days may be missing");
        CLI::App* const fetch = add_command(group, "fetch", "Fetch the sources with an address");
        fetch->add_option("SOURCES", arguments_, "Names of sources; default: all");
        add_command(group, "held", "Rates that leapt and wait for a decision");
        CLI::App* const release = add_command(group, "release", "Use a held rate");
        add_words(release, {"SOURCE", "DAY", "CURRENCY"});
        add_option(release, "reason", "Why; kept with the rate")->required();
        CLI::App* const reject = add_command(group, "reject", "Leave a held rate out for good");
        add_words(reject, {"SOURCE", "DAY", "CURRENCY"});
        add_option(reject, "reason", "Why; kept with the rate")->required();
    }

    void add_notifications() {
        CLI::App* const group = app_.add_subcommand("notifications", "What providers told us");
        group->require_subcommand(1);
        CLI::App* const list = add_command(group, "list", "Notices and verdicts, newest first");
        add_option(list, "connector", "Only of this one");
        add_option(list, "verdict", "Only these, such as amount_mismatch");
        add_option(list, "limit", "At most so many, up to 1000");
        CLI::App* const show = add_id(add_command(group, "show", "A message and what was in it"));
        add_flag(show, "reveal", "Open the seal; the body may name the buyer");
    }

    void add_receipts() {
        CLI::App* const group = app_.add_subcommand("receipts", "What buyers paid later");
        group->require_subcommand(1);
        CLI::App* const list = add_command(group, "list", "Receipts, newest first");
        add_option(list, "state", "Only these: held, refund_due, refunding, credited, ...");
        add_option(list, "payment", "Only of this one, pay_...");
        add_pages(list);
        CLI::App* const decide = add_id(add_deed(group, "decide", "What becomes of one apart"));
        add_option(decide, "as", "credit, hold or refund")->required();
        add_option(decide, "sent-back-as", "It was sent back by hand, under this name at the bank");
        add_option(decide, "reason", "Why; kept with the receipt")->required();
    }

    void add_boleto() {
        CLI::App* const group = app_.add_subcommand("boleto", "Files to and from a bank");
        group->require_subcommand(1);
        CLI::App* const out = add_command(group, "remessa", "Write the next file for the bank");
        CLI::App* const in = add_command(group, "retorno", "Read files of the bank's");
        for (CLI::App* const command : {out, in})
            add_option(command, "bank", "Connector, or its bank; not needed if it is alone");
        add_option(out, "date", "YYYY-MM-DD or today: the file's date");
        add_option(out, "again", "The number of a file that was written, to have it once more");
        out->add_option("--out", out_folder_, "Folder for the file; default: this one");
        add_flag(in, "corrected", "A file may take the place of one of its number that was read");
        in->add_option("files", files_, "Files")->required();
    }

    void add_settle() {
        CLI::App* const group = app_.add_subcommand("settle", "Settlement of merchants");
        group->require_subcommand(1);
        CLI::App* const run = add_command(group, "run", "Close a day into settlements");
        add_option(run, "date", "YYYY-MM-DD or today; default: yesterday (UTC)");
        add_option(run, "merchant", "Only this merchant");
        add_flag(run, "dry-run", "Show, change nothing");
        run->add_option("--out", out_folder_, "Folder for the CSV and JSON reports");
        add_id(add_command(group, "show", "Print a settlement"));
        CLI::App* const report = add_command(group, "report", "Print a settlement's report");
        add_id(report);
        add_option(report, "format", "csv or json");
    }

    void add_reconcile() {
        CLI::App* const group = app_.add_subcommand("reconcile", "Their files against our books");
        group->require_subcommand(1);
        CLI::App* const run = add_command(group, "run", "Match a provider's file");
        add_option(run, "profile", "adyen")->required();
        add_option(run, "connector", "Whose file it is");
        add_flag(run, "dry-run", "Show, change nothing");
        run->add_option("files", files_, "Files")->required();
        add_id(add_command(group, "show", "Print a run"));
        add_option(add_command(group, "exceptions", "List exceptions"), "status", "A class");
    }

    void add_ledger() {
        CLI::App* const group = app_.add_subcommand("ledger", "The books");
        group->require_subcommand(1);
        CLI::App* const verify =
            add_command(group, "verify", "Check everything; exit 1 when something is wrong");
        verify->add_option("--head", head_file_, "An exported head that the books must contain");
        verify->add_option("--public-key", public_key_file_, "Whose signatures to believe");
        add_history(group);
        add_id(add_command(group, "entry", "Print a journal entry"));
        CLI::App* const exports =
            add_command(group, "export", "Write the whole journal for other programs");
        add_option(exports, "format", "hledger, beancount or csv")->required();
        exports->add_option("--output", output_file_, "The file to write; else standard output");
        add_chain(group);
    }

    void add_history(CLI::App* group) {
        CLI::App* const all = add_command(group, "trial-balance", "Every account and its balance");
        add_option(all, "at", "At that time, or at the end of that date, UTC");
        add_option(all, "clock", "effective (when it happened) or recorded");
        CLI::App* const one = add_command(group, "statement", "An account's lines, newest first");
        add_words(one, {"OWNER", "PURPOSE", "CURRENCY"});
        add_option(one, "limit", "Lines, at most 1000");
        add_option(one, "before", "Older ones than this: a cursor of the page before");
    }

    void add_chain(CLI::App* group) {
        CLI::App* const head = add_command(group, "head", "Sign a head over the journal, now");
        head->add_option("--out", out_file_, "The file to write it to");
        CLI::App* const prove =
            add_command(group, "prove", "Prove a payment's entries, or one entry");
        add_id(prove);
        prove->add_option("--out", out_file_, "The file to write the proof to")->required();

        CLI::App* const keygen =
            add_file_command(group, "keygen", "Make a key that signs the journal's heads");
        keygen->add_option("--out", out_file_, "The key file; FILE.pub has the public key")
            ->required();
        CLI::App* const check =
            add_file_command(group, "check-proof", "Check a proof or a head, without a database");
        check->add_option("file", checked_file_, "The file")->required();
        check->add_option("--public-key", public_key_file_, "Whom to believe")->required();
    }

    CLI::App* add_file_command(CLI::App* group, const std::string& name, const std::string& help) {
        CLI::App* const command = group->add_subcommand(name, help);
        const std::string full = group->get_name() + " " + name;
        command->callback([this, command, full] {
            choice_ = FileChoice{};
            std::get<FileChoice>(choice_).request.name = full;
            chosen_ = command;
        });
        add_flag(command, "json", "Print JSON");
        return command;
    }

    void add_db() {
        CLI::App* const group = app_.add_subcommand("db", "The whole database");
        group->require_subcommand(1);
        CLI::App* const backup =
            add_command(group, "backup", "Copy it into a new file, and verify");
        backup->add_option("file", own_file_, "The file to make")->required();
        add_flag(backup, "keep-broken", "Keep the copy even if its books do not verify");
        CLI::App* const restore = add_command(group, "restore", "Fill an empty database");
        restore->add_option("file", own_file_, "A backup")->required();
        add_option(restore, "to", "The database, instead of --db");
    }

    // Words that the command cannot do without, in this order; one that is missing is named.
    void add_words(CLI::App* command, const std::vector<std::string>& names) {
        for (const std::string& name : names) {
            command
                ->add_option_function<std::string>(
                    name, [this](const std::string& word) { arguments_.push_back(word); })
                ->required();
        }
    }

    void add_pages(CLI::App* list) {
        add_option(list, "limit", "1 to 1000");
        add_option(list, "starting-after", "The last id of the page before");
        add_flag(list, "all", "To the end");
    }

    CLI::App* add_id(CLI::App* command) {
        command->add_option("id", arguments_, "Its id")->required()->expected(1);
        return command;
    }

    [[nodiscard]] std::map<std::string, std::string> given_options() const {
        std::map<std::string, std::string> options;
        for (const CLI::Option* const option : chosen_->get_options()) {
            const std::string name = option->get_single_name();
            const bool ours = std::ranges::find(kNotPassedOn, name) == kNotPassedOn.end() &&
                              !option->get_positional();
            if (!ours || option->count() == 0) continue;
            options[name] = option->get_expected_max() == 0 ? "true" : option->results().front();
        }
        return options;
    }

    // What the words say beside the command's name, and the contents of the files they name.
    Choice complete(CommandRequest& request) {
        for (const std::string* const path : {&checked_file_, &head_file_, &public_key_file_}) {
            if (!path->empty()) files_.push_back(*path);
        }
        request.options = given_options();
        request.arguments = arguments_;
        // Whoever opens it may stand in another folder.
        if (!own_file_.empty()) {
            request.arguments = {std::filesystem::absolute(own_file_).lexically_normal().string()};
        }
        if (!out_file_.empty()) request.options["out-file"] = out_file_;
        for (const std::string& path : files_) {
            std::ifstream file(path, std::ios::binary);
            if (!file) {
                std::cerr << "causeway: cannot read " << path << '\n';
                return EndedChoice{kExitEnvironment};
            }
            request.files.push_back(
                {.name = path, .content = std::string(std::istreambuf_iterator<char>(file), {})});
        }
        return choice_;
    }

    CLI::App app_;
    Choice choice_ = EndedChoice{kExitUsage};
    const CLI::App* chosen_ = nullptr;
    DatabaseChoice database_;
    SandboxChoice sandbox_;
    ListenChoice listen_to_;
    std::string listen_;
    std::string out_folder_;
    std::string out_file_;
    std::string output_file_;
    std::string own_file_;  // that the command itself reads or writes
    std::string checked_file_;
    std::string head_file_;
    std::string public_key_file_;
    std::vector<std::string> arguments_;
    std::vector<std::string> files_;
    std::map<std::string, std::string> values_;
    std::map<std::string, bool> flags_;
    bool json_ = false;
};

}  // namespace

Choice parse_command_line(int argc, char** argv) {
    return Tree().parse(argc, argv);
}

}  // namespace causeway::gateway
