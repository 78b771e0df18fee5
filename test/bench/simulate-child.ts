import { runProgram } from '../../src/cli/program.js';

/** What one run printed, how long it took, on all cores together, and how much memory it held at most. */
export type Simulated = {
  readonly out: string;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly megabytes: number;
};

const [from = '', to = '', usage = '', workers = ''] = process.argv.slice(2);
const out: string[] = [];
const start = performance.now();
await runProgram(['simulate', '--from', from, '--to', to, '--usage', usage, '--workers', workers, '--json'], {
  print: (text) => out.push(text),
  complain: (text) => process.stderr.write(text),
  input: process.stdin,
  color: false,
});
const { user, system } = process.cpuUsage();
const simulated: Simulated = {
  out: out.join(''),
  seconds: (performance.now() - start) / 1000,
  cpuSeconds: (user + system) / 1e6,
  megabytes: process.resourceUsage().maxRSS / 1024,
};
process.send?.(simulated);
