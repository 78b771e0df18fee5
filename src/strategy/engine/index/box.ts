import type { Condition, FactType, Strategy } from '../../strategy.js';
import { comparisonOf } from './comparison.js';
import { meaningOf } from '../predicate.js';

/**
 * One way in which a rule can match: conditions on single facts, all of which hold (or, with `holds: false`, all of which
 * do not), and whatever else has to hold. A rule matches when one of its boxes does.
 */
export type Box = { readonly parts: readonly Part[]; readonly rest: readonly Condition[] };

/** A condition that reads one fact and nothing else, and what it has to come to. */
export type Part = { readonly fact: string; readonly condition: Condition; readonly holds: boolean };

/** The boxes of a condition; not `complete` when it would have had too many, so that more than was needed went to `rest`. */
export type Boxes = { readonly boxes: readonly Box[]; readonly complete: boolean };

/** What names mean, and the types of the facts. */
export type Names = Pick<Strategy, 'conditions' | 'types'>;

/** Names, and the boxes of those conditions among them that were written out already. */
export type Written = { readonly names: Names; readonly boxes: Map<string, Boxes> };

const EVERYWHERE: Box = { parts: [], rest: [] };

/** Writes a condition as at most `room` boxes. */
export function boxesOf(condition: Condition | undefined, written: Written, room: number): Boxes {
  if (condition === undefined) return one(EVERYWHERE);
  return expand({ condition, holds: true }, written, room);
}

type Wanted = { readonly condition: Condition; readonly holds: boolean };

function expand({ condition, holds }: Wanted, written: Written, room: number): Boxes {
  const { names } = written;
  const fact = soleFact(condition, names);
  if (fact !== undefined) return one({ parts: [{ fact, condition, holds }], rest: [] });
  switch (condition.kind) {
    case 'leaf':
      return one(undecided({ condition, holds }));
    case 'named': {
      const key = `${room} ${String(holds)} ${condition.name}`;
      const meaning = meaningOf(condition.name, names.conditions);
      const boxes = written.boxes.get(key) ?? expand({ condition: meaning, holds }, written, room);
      written.boxes.set(key, boxes);
      return boxes;
    }
    case 'not':
      return expand({ condition: condition.of, holds: !holds }, written, room);
    case 'all':
    case 'any': {
      const members = condition.of.map((member) => ({ condition: member, holds }));
      return (condition.kind === 'all') === holds
        ? together(members, written, room)
        : alternatives({ condition, holds }, grouped(members, names), { written, room });
    }
  }
}

function one(box: Box, complete = true): Boxes {
  return { boxes: [box], complete };
}

/** What no index can tell: the predicate decides. */
function undecided({ condition, holds }: Wanted): Box {
  return { parts: [], rest: [holds ? condition : { kind: 'not', of: condition }] };
}

/** All of them: each box of one with each box of the others, as far as there is room. */
function together(members: readonly Wanted[], written: Written, room: number): Boxes {
  const parts: Part[] = [];
  const rest: Condition[] = [];
  const choices: Boxes[] = [];
  let [count, complete] = [1, true];
  for (const member of members) {
    const form = expand(member, written, Math.floor(room / count));
    complete &&= form.complete;
    const [first, second] = form.boxes;
    if (second !== undefined) {
      choices.push(form);
      count *= form.boxes.length;
    } else if (first !== undefined) {
      parts.push(...first.parts);
      rest.push(...first.rest);
    }
  }
  let boxes: readonly Box[] = [{ parts, rest }];
  for (const choice of choices) boxes = boxes.flatMap((box) => choice.boxes.map((other) => both(box, other)));
  return { boxes, complete };
}

function both(a: Box, b: Box): Box {
  return { parts: [...a.parts, ...b.parts], rest: [...a.rest, ...b.rest] };
}

type Limits = { readonly written: Written; readonly room: number };

/** Any of them: the boxes of each, or the whole left undecided when there is no room for them. */
function alternatives(whole: Wanted, members: readonly Wanted[], { written, room }: Limits): Boxes {
  const boxes: Box[] = [];
  let complete = true;
  for (const member of members) {
    const form = expand(member, written, room - boxes.length);
    if (boxes.length + form.boxes.length > room) return one(undecided(whole), false);
    complete &&= form.complete;
    boxes.push(...form.boxes);
  }
  return { boxes, complete };
}

/** Alternatives on one fact are one alternative. */
function grouped(members: readonly Wanted[], names: Names): readonly Wanted[] {
  const groups = new Map<string, Condition[]>();
  const others: Wanted[] = [];
  let holds = true;
  for (const member of members) {
    const fact = soleFact(member.condition, names);
    ({ holds } = member);
    if (fact === undefined) others.push(member);
    else {
      const group = groups.get(fact);
      if (group === undefined) groups.set(fact, [member.condition]);
      else group.push(member.condition);
    }
  }
  const kind = holds ? 'any' : 'all';
  const merged = [...groups.values()].map((of): Wanted => ({ condition: { kind, of }, holds }));
  return [...merged, ...others];
}

/** The fact that a condition reads, when it reads no other and compares it with constants only. */
function soleFact(condition: Condition, names: Names): string | undefined {
  switch (condition.kind) {
    case 'all':
    case 'any': {
      const [first, ...others] = condition.of;
      const fact = first && soleFact(first, names);
      if (fact === undefined) return undefined;
      return others.every((other) => soleFact(other, names) === fact) ? fact : undefined;
    }
    case 'not':
      return soleFact(condition.of, names);
    case 'named':
      return soleFact(meaningOf(condition.name, names.conditions), names);
    case 'leaf':
      return isScalar(names.types.get(condition.fact)) && comparisonOf(condition) !== undefined
        ? condition.fact
        : undefined;
  }
}

function isScalar(type: FactType | undefined): boolean {
  return type !== undefined && type !== 'list';
}
