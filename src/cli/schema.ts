import { Command } from 'commander';
import { strategyJsonSchema } from '../strategy/json-schema.js';
import { EXIT } from './exit-code.js';
import { printJson } from './terminal.js';
import type { Cli } from './verb.js';

export function schemaCommand({ terminal, run }: Cli): Command {
  return new Command('schema')
    .description('Print the JSON Schema of strategy files, for editors.')
    .action(() => {
      printJson(terminal, strategyJsonSchema());
      return run(Promise.resolve(EXIT.done));
    });
}
