import { type DestinationStream, type Logger, destination, pino } from 'pino';

export type Log = Logger;

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/**
 * JSON, a line each, to stderr: stdout belongs to what a command answers. Written synchronously, so that the last lines
 * before a crash are not lost. Log identifiers and causes, never the values of facts.
 */
export function createLog(level: LogLevel, to: DestinationStream = destination({ fd: 2, sync: true })): Log {
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, to);
}
