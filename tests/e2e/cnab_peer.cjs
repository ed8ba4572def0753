// SPDX-License-Identifier: Apache-2.0
//
// Lets nodenab and @banco-br's libraries read and write records of CNAB files: jobs as JSON on the
// standard input, answers in their order on the standard output. The folder that has their
// node_modules is the only argument. Run by cnab_peers.py.
"use strict";
const fs = require("fs");
const path = require("path");
const { createRequire } = require("module");

const root = path.resolve(process.argv[2]);
const from = createRequire(path.join(root, "peers.js"));

// nodenab: a record is a path into its layout, "remessa.detalhes.segmento_1".
function nodenab() {
    const layout = from("nodenab/layouts/237/400/cobranca.json");
    const { Layout, RemessaFile } = from("nodenab");
    const Linha = from("nodenab/dist/Model/Linha");
    const made = new Layout(237, "400", layout, { loadFromFile: false });
    const fields = (record) => record.split(".").reduce((at, name) => at[name], layout);
    return {
        read({ record, line }) {
            const linha = new Linha(line, made, record.split(".")[0]);
            const told = {};
            for (const [name, field] of Object.entries(fields(record))) {
                told[name] = linha.obterValorCampo(field);
            }
            return told;
        },
        write: ({ record, data }) => new RemessaFile({})._encode(fields(record), data),
    };
}

// A bank's table lies over the generic one and hides what it overlaps, as cnab_yaml's own users
// (CnabPHP) read it. A record is "cnab240/001/remessa/detalhe_segmento_p".
function tables(readYaml) {
    const folder = path.dirname(from.resolve("@banco-br/cnab_yaml/package.json"));
    const load = (name) => {
        const file = path.join(folder, name + ".yml");
        return fs.existsSync(file) ? readYaml(file) : {};
    };
    return (record) => {
        const [form, bank, ...rest] = record.split("/");
        const own = Object.entries(load(record)).filter(([, it]) => it && it.pos);
        const apart = ([name, it]) => it && it.pos && own.every(
            ([other, { pos }]) => other !== name && (it.pos[1] < pos[0] || it.pos[0] > pos[1]));
        const generic = Object.entries(load([form, "generic", ...rest].join("/"))).filter(apart);
        const sorted = [...own, ...generic].sort((a, b) => a[1].pos[0] - b[1].pos[0]);
        if (sorted.length === 0) throw new Error("no table " + record);
        // The coder knows days and stops at an hour.
        for (const [, it] of sorted) if (it.date_format === "%H%M%S") delete it.date_format;
        return Object.fromEntries(sorted);
    };
}

function bancoBr() {
    const { makeLine, readLine, readYaml } = from("@banco-br/nodejs-cnab/dist/lib/utils");
    const table = tables(readYaml);
    return {
        read: ({ record, line }) => makeLine(table(record), line),
        write: ({ record, data }) => readLine(table(record), data).line,
    };
}

const makers = { nodenab, banco_br: bancoBr };
const peers = {};
const jobs = JSON.parse(fs.readFileSync(0, "utf8"));
const answers = jobs.map((job) => {
    peers[job.peer] = peers[job.peer] || makers[job.peer]();
    return peers[job.peer][job.do](job);
});
process.stdout.write(JSON.stringify(answers));
