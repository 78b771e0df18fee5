import { type Fault as ProtoFault, FaultSeverity } from '../gen/ratebook/v1/strategy_pb.js';
import type { Fault } from '../strategy/fault.js';
import { callServer } from './server.js';
import { type CheckedStrategy, type StrategyFiles, readStrategyFiles } from './strategy-file.js';
import type { Terminal } from './terminal.js';

/** What a running service says of a strategy file; the file's cases stay here. */
export async function validateOnline(
  address: string,
  path: string,
  terminal: Terminal,
): Promise<Pick<CheckedStrategy, 'faults' | 'texts'>> {
  const files = await readStrategyFiles(path, terminal);
  const { faults } = await callServer(address, ({ catalog }) =>
    catalog.validateStrategy({ source: toProtoSource(files) }),
  );
  const texts = new Map([files.file, ...files.attachments].map(({ name, text }) => [name, text]));
  return { faults: faults.map(fromProtoFault), texts };
}

/** The files as the catalog stores them. */
export function toProtoSource({ file, attachments }: StrategyFiles) {
  return {
    fileName: file.name,
    text: file.text,
    attachments: attachments.map(({ name, text }) => ({ fileName: name, text })),
  };
}

export function fromProtoFault(fault: ProtoFault): Fault {
  const { file, line, column, width, path, message, hint } = fault;
  const severity = fault.severity === FaultSeverity.WARNING ? 'warning' : 'error';
  return { severity, file, line, column, width, path, message, hint };
}
