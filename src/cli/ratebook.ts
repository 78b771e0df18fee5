#!/usr/bin/env node
import { EXIT } from './exit-code.js';
import { runProgram } from './program.js';

// A reader that has seen enough, such as `head`, closes the pipe: nothing is left to be said.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? EXIT.done : EXIT.couldNotRun);
});

const color = process.stdout.isTTY && process.stderr.isTTY && !process.env['NO_COLOR'];

process.exitCode = await runProgram(process.argv.slice(2), {
  print: (text) => process.stdout.write(text),
  complain: (text) => process.stderr.write(text),
  input: process.stdin,
  color,
});
