import { Command } from 'commander';
import { strategyJsonSchema } from '../strategy/read/json-schema.js';
import { printJson } from './terminal.js';
import type { Cli } from './verb.js';

export function schemaCommand({ terminal }: Cli): Command {
  return new Command('schema')
    .description('Print the JSON Schema of strategy files, for editors that complete and check them.')
    .action(() => {
      printJson(terminal, strategyJsonSchema());
    });
}
