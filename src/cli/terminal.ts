import { styleText } from 'node:util';

/** All that a verb touches besides files and servers, so that a test can run it in its own process. */
export type Terminal = {
  /** Writes to stdout. The text ends with a line end, as that of `complain` does. */
  readonly print: (text: string) => void;
  /** Writes to stderr. */
  readonly complain: (text: string) => void;
  /** Reads stdin, where a file is named `-`. */
  readonly input: AsyncIterable<Uint8Array>;
  /** Whether colours are wanted on stdout and stderr. */
  readonly color: boolean;
};

export type Style = 'bold' | 'dim' | 'green' | 'red';

export function paint({ color }: Pick<Terminal, 'color'>, style: Style, text: string): string {
  return color ? styleText(style, text, { validateStream: false }) : text;
}

/** One object and nothing else, for programs. */
export function printJson(terminal: Terminal, value: object): void {
  terminal.print(`${JSON.stringify(value, null, 2)}\n`);
}
