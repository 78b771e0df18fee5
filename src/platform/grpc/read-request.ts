import { type Violation, violationError } from '../../errors/error.js';
import type { Parsed } from '../../errors/parsed.js';

/** Notes what is wrong with a field, by its path in the request. */
export type Complain = (field: string, description: string) => void;

/** Takes the value of a field, or notes what is wrong with it and goes on with a stand-in. */
export type Take = <T>(field: string, result: Parsed<T>, standIn: T) => T;

/** Reads a request to its end, so that all that is wrong with it is told at once. Throws INVALID_REQUEST with every violation. */
export function readRequest<T>(read: (complain: Complain) => T): T {
  const violations: Violation[] = [];
  const value = read((field, description) => violations.push({ field, description }));
  if (violations.length > 0) throw violationError('INVALID_REQUEST', violations);
  return value;
}

export function taking(complain: Complain): Take {
  return (field, result, standIn) => {
    if (result.ok) return result.value;
    complain(field, result.why);
    return standIn;
  };
}
