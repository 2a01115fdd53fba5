const { create } = require("ts-node");
const { options } = require("../local/transpile.js");

const service = create(options);

module.exports = { process: (source, file) => ({ code: service.compile(source, file) }) };
