import { imageOf } from '../strategy/source/image.js';
import { type Path, nodeAt } from '../strategy/source/place.js';
import { type Source, hasTree } from '../strategy/source/read-source.js';
import { type Report, fault } from '../strategy/source/report.js';
import type { SourceNode } from '../strategy/source/source.js';
import { readWith } from '../strategy/read/zod-faults.js';
import { inputOf } from './asked.js';
import type { Case, Expectation, ReadCases } from './case.js';
import { type CaseSource, caseSchema } from './case-schema.js';

/** Reads the cases of a strategy document, or of a file that has nothing but cases: a list, or a map with `cases`. */
export function readCases(source: Source): ReadCases {
  if (!hasTree(source)) return { cases: [], faults: [] };
  const { lines, root } = source;
  const report: Report = { lines, root, faults: [] };
  const at: Path = root.kind === 'list' ? [] : ['cases'];
  const list = nodeAt(root, at);
  if (list === undefined) return { cases: [], faults: [] };
  if (list.kind !== 'list') {
    fault(report, at, 'Cases are a list; start each with `- name:`.');
    return { cases: [], faults: report.faults };
  }
  const cases = list.items.flatMap((node, i) => readCase(report, [...at, i], node) ?? []);
  return { cases, faults: report.faults };
}

function readCase(report: Report, path: Path, node: SourceNode): Case | undefined {
  const source = readWith(report, caseSchema, { path, image: imageOf(node), noun: 'a case' });
  if (source === undefined) return undefined;
  const input = inputOf(source);
  if (!input.ok) {
    fault(report, path, `${input.why}.`);
    return undefined;
  }
  return { name: source.name, input: input.value, expect: expectationOf(source.expect) };
}

function expectationOf({ lines, discounts, taxes, grants, ...plain }: CaseSource['expect']): Expectation {
  return {
    ...plain,
    ...(lines && { lines: new Map(Object.entries(lines)) }),
    ...(discounts && { discounts: new Map(Object.entries(discounts)) }),
    ...(taxes && { taxes: new Map(Object.entries(taxes)) }),
    ...(grants && { grants: new Map(Object.entries(grants)) }),
  };
}
