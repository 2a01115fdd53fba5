const { default: Sequencer } = require("@jest/test-sequencer");

/**
 * Jest begins with what took longest the last time; the first time it takes the size of a file for that. The files
 * that start a whole local cloud are among the smallest, and one begun last would keep one worker alone: they go first.
 */
module.exports = class LocalFirst extends Sequencer {
  sort(tests) {
    const isFirst = ({ context, duration }) =>
      duration === undefined && context.config.displayName?.name === "local";
    const sorted = super.sort(tests);
    return [...sorted.filter(isFirst), ...sorted.filter((test) => !isFirst(test))];
  }
};
