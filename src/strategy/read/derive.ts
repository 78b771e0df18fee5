import type * as z from 'zod';
import type { Operand } from '../../pricing/price.js';
import type { deriveSchema } from './document-schema.js';
import { isNumeric } from '../fact-value.js';
import type { Path } from '../source/place.js';
import { fault, quoted } from '../source/report.js';
import { type Scope, useFact } from './scope.js';
import type { Derivation } from '../strategy.js';

export type DeriveSource = z.output<typeof deriveSchema>;

const OPERATIONS = ['sum', 'difference', 'product', 'greatest', 'least'] as const;

/** A fact computed from numbers and other facts by one operation. */
export function readDerivation(scope: Scope, name: string, source: DeriveSource): Derivation | undefined {
  const path = ['derive', name];
  const operations = OPERATIONS.filter((key) => source[key] !== undefined);
  const [operation] = operations;
  const of = operation === undefined ? undefined : source[operation];
  if (operation === undefined || of === undefined || operations.length > 1) {
    const what = operations.length === 0 ? 'No operation stands' : `${quoted(operations)} stand`;
    fault(scope.report, path, `${what} here; one of ${quoted(OPERATIONS, 'or')} was expected.`);
    return undefined;
  }
  of.forEach((operand, position) => {
    checkOperand(scope, operand, [...path, operation, position]);
  });
  checkOperand(scope, source.min, [...path, 'min']);
  checkOperand(scope, source.max, [...path, 'max']);
  return {
    kind: 'derive',
    name,
    operation,
    of,
    ...(source.min && { min: source.min }),
    ...(source.max && { max: source.max }),
    ...(source.round && { round: source.round }),
  };
}

/** A fact that stands for a number must be one. */
export function checkOperand(scope: Scope, operand: Operand | undefined, path: Path): void {
  if (operand?.kind !== 'fact') return;
  const type = useFact(scope, operand.fact, path);
  if (type === undefined || isNumeric(type)) return;
  fault(scope.report, path, `\`${operand.fact}\` is of type ${type}; a number was expected.`);
}
