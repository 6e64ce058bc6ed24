import { type SQL, sql } from 'drizzle-orm';

/** A `case` that gives, for each value of the column, what stands beside it; null for any other. */
export function caseOf(column: SQL, values: Readonly<Record<string, string | SQL>>): SQL {
  const whens = Object.entries(values).map(([value, then]) => sql`when ${value} then ${then}`);
  return sql`case ${column} ${sql.join(whens, sql` `)} end`;
}
