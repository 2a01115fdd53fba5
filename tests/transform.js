const { create } = require("ts-node");
const { compiler, options } = require("../local/transpile.js");

const compile = compiler(create(options));

module.exports = { process: (source, file) => ({ code: compile(source, file) }) };
