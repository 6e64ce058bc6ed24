import type { Catalog, SourceKind, WarehouseKind } from '../workspace.js';
import { DESTINATION_KINDS } from './destination-kinds.js';
import { sourceKind, warehouseKind } from './kinds.js';

/** Every kind of source in the sandbox's catalogue. */
const SOURCE_KINDS: readonly SourceKind[] = [
  sourceKind('javascript', 'Javascript', 'Website'),
  sourceKind('ios', 'iOS', 'Mobile'),
  sourceKind('android', 'Android', 'Mobile'),
  sourceKind('react-native', 'React Native', 'Mobile'),
  sourceKind('flutter', 'Flutter', 'Mobile'),
  sourceKind('node.js', 'Node.js', 'Server'),
  sourceKind('python', 'Python', 'Server'),
  sourceKind('java', 'Java', 'Server'),
  sourceKind('go', 'Go', 'Server'),
  sourceKind('php', 'PHP', 'Server'),
  sourceKind('ruby', 'Ruby', 'Server'),
  sourceKind('http-api', 'HTTP API', 'Server'),
  sourceKind('stripe', 'Stripe', 'Payments', 'cloud-object'),
  sourceKind('salesforce', 'Salesforce', 'CRM', 'cloud-object'),
  sourceKind('zendesk', 'Zendesk', 'Helpdesk', 'cloud-object'),
  sourceKind('braze', 'Braze', 'Email Marketing', 'cloud-event'),
  sourceKind('iterable', 'Iterable', 'Email Marketing', 'cloud-event'),
  // The warehouse as a source of reverse ETL, and what a space of Engage sends.
  sourceKind('snowflake', 'Snowflake', 'Warehouse'),
  sourceKind('bigquery', 'BigQuery', 'Warehouse'),
  sourceKind('personas-compute', 'Personas', 'INTERNAL'),
];

/** Every kind of warehouse in the sandbox's catalogue. */
const WAREHOUSE_KINDS: readonly WarehouseKind[] = [
  warehouseKind('snowflake', 'Snowflake', '*account *username *password'),
  warehouseKind('bigquery', 'BigQuery', '*project *credentials'),
  warehouseKind('redshift', 'Redshift', '*hostname *username *password'),
  warehouseKind('postgres', 'Postgres', '*hostname *username *password'),
  warehouseKind('azuresqldw', 'Azure SQL Data Warehouse', '*hostname *password', false),
  warehouseKind('db2', 'IBM Db2 Warehouse', '*hostname *password', false),
  warehouseKind('databricks', 'Databricks', '*hostname *token', false),
];

/** The whole catalogue: the same for every workspace. */
export const CATALOG: Catalog = {
  sources: SOURCE_KINDS,
  destinations: DESTINATION_KINDS,
  warehouses: WAREHOUSE_KINDS,
};
