/**
 * Types of a connector's manifest. Made from `schema/manifest.schema.json`: change that, then run `npm run generate`.
 */

/**
 * `complete-on-submit`: complete as soon as the vendor has taken the deletion. `wait-for-completion`: processing until the vendor is done.
 */
export type CompletionChoice = 'complete-on-submit' | 'wait-for-completion';
/**
 * One field of the form. A small closed vocabulary that every host can draw.
 */
export type ConfigField = SecretField | StringField | ChoiceField | ToggleField | IntegerField | NoticeField;

/**
 * What a host reads, checks and draws before it runs any code of a connector. Unknown keys are refused everywhere, except keys that begin with `x-`.
 */
export interface ConnectorManifest {
  /**
   * Address of this schema, for editors.
   */
  $schema?: string;
  /**
   * Version of this format.
   */
  manifestVersion: 1;
  /**
   * Stable name of the connector, unique within a host. Lower case words joined by hyphens.
   */
  id: string;
  /**
   * Version of the connector, as semver. The same as that of its package.
   */
  version: string;
  /**
   * Name for people.
   */
  displayName: string;
  /**
   * What the connector does, in one or two sentences.
   */
  summary: string;
  vendor: Vendor;
  /**
   * SVG or PNG as a base64 data URI, or a path in the package that begins with `./`.
   */
  icon?: string;
  /**
   * What sort of system the vendor is, for lists and filters.
   *
   * @minItems 1
   * @maxItems 20
   */
  categories: string[];
  /**
   * Parts of a privacy host that the connector serves: `request-manager` (deletion and access requests), `live-data-map` (system detection).
   *
   * @minItems 1
   * @maxItems 2
   */
  products: ('request-manager' | 'live-data-map')[];
  entry: ModuleEntry;
  /**
   * The contract the connector was built for.
   */
  contract: {
    /**
     * Semver range of `connector-contract` versions that the connector works with.
     */
    range: string;
    /**
     * Parts of the contract that the connector cannot do without and that a host may lack, by their names in `contractFeatures`. A host that lacks one refuses the connector.
     *
     * @maxItems 20
     */
    features?: string[];
  };
  /**
   * How a request for a copy of a person's data is answered.
   */
  access: {
    /**
     * `direct-contact`: a person at the vendor's side is asked by e-mail; `none`: not at all. Access by API has no capability in the contract yet.
     */
    type: 'direct-contact' | 'none';
  };
  deletion?: DeletionTerms;
  /**
   * Present where the connector can find the systems that the vendor's account names.
   */
  systemDetection?: {
    /**
     * Hours between two detections that nobody asked for.
     */
    cadenceHours: number;
  };
  /**
   * What a person may be known by.
   */
  identities: {
    /**
     * The kinds of identifier the connector takes.
     *
     * @minItems 1
     * @maxItems 50
     */
    kinds: IdentityKind[];
    /**
     * How many of the kinds a person needs at least; 1 means that any one is enough.
     */
    atLeast: number;
  };
  limits: VendorLimits;
  /**
   * Places the vendor keeps data in, each with its own endpoints.
   *
   * @minItems 1
   * @maxItems 50
   */
  regions?: Region[];
  /**
   * Key of the choice field that picks the region: its values are the ids of `regions`. A connection may then talk to the hosts of its own region and not to those of the others.
   */
  regionField?: string;
  /**
   * Where the connector may connect to.
   */
  network: {
    /**
     * The only host names this connector may talk to, but for those of `fromFields`; nothing else, unless the operator allows an endpoint.
     *
     * @minItems 0
     * @maxItems 100
     */
    allowedHosts: string[];
    /**
     * Configuration fields (strings of format `uri`) whose hosts this connection may talk to as well, where every customer has an address of their own. Only https addresses of public host names count; anything else needs the operator's permission.
     *
     * @minItems 1
     * @maxItems 20
     */
    fromFields?: (string | HostField)[];
  };
  auth?: VendorAuth;
  /**
   * Who may connect.
   */
  roles: {
    /**
     * Roles of the host that may make or change a connection.
     *
     * @minItems 1
     * @maxItems 4
     */
    host: ('super-admin' | 'connections-manager' | 'privacy-manager' | 'viewer')[];
    /**
     * What the person needs to be in the vendor's product, in its own words.
     *
     * @minItems 0
     * @maxItems 20
     */
    vendor: string[];
  };
  /**
   * What the credential must be allowed to do. A check answers exactly one outcome for each.
   *
   * @minItems 0
   * @maxItems 100
   */
  permissions: Permission[];
  /**
   * What a person enters to make a connection.
   */
  config: {
    /**
     * Sections of the form, in order.
     *
     * @minItems 1
     * @maxItems 20
     */
    groups: ConfigGroup[];
    /**
     * The fields of the form.
     *
     * @minItems 0
     * @maxItems 100
     */
    fields: ConfigField[];
  };
  setup: SetupGuide;
}
/**
 * Who makes the system that is connected.
 */
export interface Vendor {
  /**
   * Name of the vendor's product.
   */
  name: string;
  /**
   * Home page of the product.
   */
  url: string;
  apiDocumentation?: ManifestLink;
}
/**
 * A page on the web.
 */
export interface ManifestLink {
  /**
   * What the link is called.
   */
  label: string;
  /**
   * Its address.
   */
  link: string;
}
/**
 * Where the code is.
 */
export interface ModuleEntry {
  /**
   * Subpath of the package's `exports`: `.` or `./x`.
   */
  module: string;
  /**
   * Name of the exported Inversify `ContainerModule`.
   */
  export?: string;
}
/**
 * Present where the connector can erase people.
 */
export interface DeletionTerms {
  /**
   * `asynchronous`: the vendor accepts now and finishes later; `synchronous`: done when answered.
   */
  type: 'asynchronous' | 'synchronous';
  /**
   * `whole-record`: the whole person goes, nothing can be listed or selected first; `standard`: records can be chosen.
   */
  granularity: 'whole-record' | 'standard';
  /**
   * When a deletion counts as complete, where a person may choose.
   */
  completion?: {
    /**
     * Key of the choice field that holds the decision.
     */
    field: string;
    /**
     * The values that field offers.
     *
     * @minItems 1
     * @maxItems 2
     */
    choices: CompletionChoice[];
    default: CompletionChoice;
  };
  /**
   * What one vendor call takes at most. A limit that is absent does not exist.
   */
  batch: {
    /**
     * People.
     */
    maxSubjects?: number;
    /**
     * Distinct identifier values.
     */
    maxIdentifiers?: number;
    /**
     * UTF-8 bytes of the request body.
     */
    maxBytes?: number;
  };
  /**
   * Whether the vendor can be asked how far a deletion is.
   */
  statusPollable: boolean;
  /**
   * Whether a deletion can be taken back before the vendor begins.
   */
  cancellable: boolean;
  /**
   * Whether the same operation may be submitted again at any time and comes to the same: nobody else is deleted by it, and nothing is counted twice. Then `submit` may make a request for each id that the vendor knows a person by, and `reconcile` answers `absent` where it cannot tell.
   */
  repeatable?: boolean;
  /**
   * Days within which the vendor means to be done.
   */
  slaDays: number;
  /**
   * Days for which the vendor can be asked about a deletion.
   */
  recordKeptDays?: number;
  /**
   * Every word that the vendor has for how far a deletion is, as `OperationStatus.vendorState` and `DestinationResult.vendorState` give it. A host takes another word for free text, which may name somebody: it is shown only to those who may see people, and purged with them.
   *
   * @maxItems 200
   */
  vendorStates?: string[];
  /**
   * What a deletion does not reach, in plain words; one sentence each.
   *
   * @minItems 0
   * @maxItems 50
   */
  notReached: string[];
}
/**
 * One kind of identifier.
 */
export interface IdentityKind {
  /**
   * Name of the kind, as it stands in requests and import files.
   */
  kind: string;
  /**
   * Name for people.
   */
  label: string;
  /**
   * What the vendor knows it as and how it is used.
   */
  help: string;
  /**
   * Whether every person needs one of this kind.
   */
  required: boolean;
  /**
   * The vendor itself knows people by this kind. Where some kind says so, an identifier of another one may be nobody's at the vendor, whose deletion finishes all the same. Where none does, the vendor knows people by each of them.
   */
  knownBy?: boolean;
  equalsKnownByWhen?: FieldCondition;
  /**
   * Codes of the contract's doubtful rules that do not hold for this kind, since the vendor's identifiers do look so.
   *
   * @minItems 1
   * @maxItems 50
   */
  expects?: string[];
  /**
   * The connector's own rules about what cannot be an identifier of this kind, or nearly always is damage.
   *
   * @minItems 1
   * @maxItems 20
   */
  rules?: OwnIdentifierRule[];
}
/**
 * Holds while a choice or toggle has one of these values. A field with `visibleWhen` exists only then.
 */
export interface FieldCondition {
  /**
   * Key of a choice or toggle field.
   */
  field: string;
  /**
   * Values of that field.
   *
   * @minItems 1
   * @maxItems 50
   */
  in: (string | boolean)[];
}
/**
 * Holds back an identifier whose value matches, beside the rules of the contract.
 */
export interface OwnIdentifierRule {
  /**
   * Name of the rule, other than those of the contract.
   */
  code: string;
  /**
   * `refused` never goes out; `doubtful` goes out once a person says that it is meant.
   */
  verdict: 'refused' | 'doubtful';
  /**
   * Regular expression (ECMAScript, Unicode mode) that such a value matches.
   */
  pattern: string;
  /**
   * What is wrong, going on after the name of the field: `is ...`, `holds ...`. It never quotes a value.
   */
  message: string;
  /**
   * What to do about it.
   */
  remedy: string;
}
/**
 * How much the vendor takes. The host keeps to it for all machines together.
 */
export interface VendorLimits {
  /**
   * Request rates. A connector calls `ctx.pace(id)` before each request.
   *
   * @minItems 0
   * @maxItems 50
   */
  rate: RateLimit[];
  /**
   * Part of each rate that the host uses, so that others who share the account can work.
   */
  share: number;
  quota?: Quota;
  /**
   * Milliseconds after which one request counts as unanswered.
   */
  timeoutMs: number;
}
/**
 * One rate.
 */
export interface RateLimit {
  /**
   * What `ctx.pace` is called with.
   */
  id: string;
  /**
   * Which calls it is about, in plain words.
   */
  label: string;
  /**
   * Requests within one window.
   */
  requests: number;
  /**
   * Length of the window in seconds.
   */
  perSeconds: number;
  /**
   * `even`: requests go at an even pace. `window`: all of a window go as soon as they are asked for, and the next ones once a whole window has passed since; for few requests in a long window.
   */
  spread?: 'even' | 'window';
  /**
   * The id of another rate that these calls count under as well, such as that of the whole account. A connector waits under the narrower one alone; the host waits for both.
   */
  within?: string;
  byHeader?: LeftHeaders;
}
/**
 * Headers of the vendor's answers that say how many requests are left, whoever made the others. A connector hands on what they say (`ctx.left`); where nothing is left, the host waits.
 */
export interface LeftHeaders {
  /**
   * Name of the header with the requests that are left.
   */
  remaining: string;
  /**
   * Name of the header that says when they are all there again.
   */
  reset: string;
  /**
   * `epoch-seconds`: a time in seconds since 1970; `seconds`: how many seconds from now.
   */
  resetIs: 'epoch-seconds' | 'seconds';
}
/**
 * How many people the vendor erases in a period.
 */
export interface Quota {
  /**
   * People in one period.
   */
  subjects: number;
  /**
   * The period.
   */
  per: 'calendar-month';
  /**
   * What else a person should know about it.
   */
  note?: string;
  /**
   * Where the vendor counts kinds of deletions apart, each against `subjects`: what a connection is set to decides which count is its.
   *
   * @minItems 1
   * @maxItems 20
   */
  groups?: QuotaGroup[];
}
/**
 * Deletions that are counted together: those of connections where `field` has one of the values `in`.
 */
export interface QuotaGroup {
  /**
   * Stable name of the group.
   */
  id: string;
  /**
   * Name for people.
   */
  label: string;
  /**
   * Key of a choice or toggle field.
   */
  field: string;
  /**
   * Values of that field.
   *
   * @minItems 1
   * @maxItems 50
   */
  in: (string | boolean)[];
}
/**
 * One place the vendor keeps data in.
 */
export interface Region {
  /**
   * Stable name of the region.
   */
  id: string;
  /**
   * Name for people.
   */
  label: string;
  /**
   * How to tell that an account is there.
   */
  help: string;
  /**
   * Endpoints of the region, by a name that the connector knows (`public`, `config`).
   */
  baseUrls: {
    /**
     * Base URL of one API.
     */
    [k: string]: string;
  };
}
/**
 * A field, and the hosts that it may name.
 */
export interface HostField {
  /**
   * Key of the field.
   */
  field: string;
  /**
   * The only hosts that count, so that secrets go to the vendor alone. `*.` stands for exactly one label: `*.acme.example` is `north.acme.example`, and neither `acme.example` nor `a.north.acme.example`.
   *
   * @minItems 1
   * @maxItems 50
   */
  hosts: string[];
}
/**
 * Credentials that the host gets for the connector: it asks the vendor for a token, renews it in time and gives it out by `ctx.auth`. The connector itself never sees the client's secret in its context.
 */
export interface VendorAuth {
  /**
   * `oauth2-client-credentials`: the client credentials grant of OAuth 2 (RFC 6749, section 4.4).
   */
  type: 'oauth2-client-credentials';
  tokenEndpoint: AuthAddress;
  /**
   * Key of the field that holds the client's id.
   */
  clientId: string;
  /**
   * Key of the secret field that holds the client's secret.
   */
  clientSecret: string;
  /**
   * How the client says who it is: in the body of the request, or by HTTP Basic.
   */
  clientAuthentication?: 'client_secret_post' | 'client_secret_basic';
  /**
   * Scopes that are asked for.
   *
   * @minItems 1
   * @maxItems 50
   */
  scopes?: string[];
  audience?: AuthAddress;
}
/**
 * An address: a fixed one (`url`), or that of a field with a path in place of its own (`field` and `path`).
 */
export interface AuthAddress {
  /**
   * A full https address.
   */
  url?: string;
  /**
   * Key of a string field of format `uri`.
   */
  field?: string;
  /**
   * Path below the origin of that address.
   */
  path?: string;
}
/**
 * One thing the credential must be allowed to do.
 */
export interface Permission {
  /**
   * Stable name of the permission.
   */
  id: string;
  /**
   * What the vendor calls it.
   */
  label: string;
  /**
   * What it is needed for, in plain words.
   */
  why: string;
  /**
   * Whether a connection is refused without it (where one of its capabilities is switched on).
   */
  required: boolean;
  /**
   * What needs it: `base` always, the others only where switched on.
   *
   * @minItems 1
   * @maxItems 3
   */
  capabilities: ('base' | 'deletion' | 'system-detection')[];
  /**
   * How a person grants it. Markdown without raw HTML.
   */
  grantedBy: string;
  /**
   * How a check finds out: `read-only` by reading, `dry-run` by a call that cannot change anything, `none` not at all.
   */
  probe: 'read-only' | 'dry-run' | 'none';
}
/**
 * A section of the form.
 */
export interface ConfigGroup {
  /**
   * What fields name it by.
   */
  id: string;
  /**
   * Its heading.
   */
  label: string;
  /**
   * A line below the heading.
   */
  help?: string;
  /**
   * Folded away until somebody asks for it.
   */
  advanced?: boolean;
}
/**
 * A credential. Never shown again, never logged; has neither a default nor an example.
 */
export interface SecretField {
  /**
   * Tells the kinds of field apart.
   */
  kind: 'secret';
  /**
   * Name of the value in the stored configuration. Never reused for another meaning: old configurations stay valid.
   */
  key: string;
  /**
   * What the form calls the field, in the words of the vendor's own screens.
   */
  label: string;
  /**
   * What to enter and where to find it, in plain words.
   */
  help: string;
  /**
   * Id of the group (`config.groups`) that the field is drawn in.
   */
  group: string;
  /**
   * Place within the group, ascending. Unique there.
   */
  order: number;
  /**
   * Whether a connection needs a value. A field with a default is filled in and so never missing.
   */
  required: boolean;
  visibleWhen?: FieldCondition;
  /**
   * Folded away until somebody asks for it. Follows the group unless given.
   */
  advanced?: boolean;
  /**
   * `host-allows-endpoints`: asked for only where the operator allows connections to endpoints beside `network.allowedHosts`; elsewhere the field does not exist.
   */
  availability?: 'host-allows-endpoints';
  /**
   * Least number of characters (Unicode code points).
   */
  minLength?: number;
  /**
   * Greatest number of characters (Unicode code points); 4096 unless given.
   */
  maxLength?: number;
  /**
   * Regular expression (ECMAScript, Unicode) the value must match; anchor it with ^ and $. No look-around, no back-references, no repetition inside a repetition: see the package's README.
   */
  pattern?: string;
}
/**
 * A line of text.
 */
export interface StringField {
  /**
   * Tells the kinds of field apart.
   */
  kind: 'string';
  /**
   * Name of the value in the stored configuration. Never reused for another meaning: old configurations stay valid.
   */
  key: string;
  /**
   * What the form calls the field, in the words of the vendor's own screens.
   */
  label: string;
  /**
   * What to enter and where to find it, in plain words.
   */
  help: string;
  /**
   * Id of the group (`config.groups`) that the field is drawn in.
   */
  group: string;
  /**
   * Place within the group, ascending. Unique there.
   */
  order: number;
  /**
   * Whether a connection needs a value. A field with a default is filled in and so never missing.
   */
  required: boolean;
  visibleWhen?: FieldCondition;
  /**
   * Folded away until somebody asks for it. Follows the group unless given.
   */
  advanced?: boolean;
  /**
   * `host-allows-endpoints`: asked for only where the operator allows connections to endpoints beside `network.allowedHosts`; elsewhere the field does not exist.
   */
  availability?: 'host-allows-endpoints';
  /**
   * Value where none is given.
   */
  default?: string;
  /**
   * Shown in the empty field.
   */
  example?: string;
  /**
   * Least number of characters (Unicode code points).
   */
  minLength?: number;
  /**
   * Greatest number of characters (Unicode code points); 4096 unless given.
   */
  maxLength?: number;
  /**
   * Regular expression (ECMAScript, Unicode) the value must match; anchor it with ^ and $. No look-around, no back-references, no repetition inside a repetition: see the package's README.
   */
  pattern?: string;
  /**
   * `uri`: an http or https address.
   */
  format?: 'uri';
}
/**
 * One of a few values.
 */
export interface ChoiceField {
  /**
   * Tells the kinds of field apart.
   */
  kind: 'choice';
  /**
   * Name of the value in the stored configuration. Never reused for another meaning: old configurations stay valid.
   */
  key: string;
  /**
   * What the form calls the field, in the words of the vendor's own screens.
   */
  label: string;
  /**
   * What to enter and where to find it, in plain words.
   */
  help: string;
  /**
   * Id of the group (`config.groups`) that the field is drawn in.
   */
  group: string;
  /**
   * Place within the group, ascending. Unique there.
   */
  order: number;
  /**
   * Whether a connection needs a value. A field with a default is filled in and so never missing.
   */
  required: boolean;
  visibleWhen?: FieldCondition;
  /**
   * Folded away until somebody asks for it. Follows the group unless given.
   */
  advanced?: boolean;
  /**
   * `host-allows-endpoints`: asked for only where the operator allows connections to endpoints beside `network.allowedHosts`; elsewhere the field does not exist.
   */
  availability?: 'host-allows-endpoints';
  /**
   * The values, in the order they are shown.
   *
   * @minItems 1
   * @maxItems 50
   */
  choices: FieldChoice[];
  /**
   * Value where none is given.
   */
  default?: string;
}
/**
 * One value of a choice.
 */
export interface FieldChoice {
  /**
   * What is stored.
   */
  value: string;
  /**
   * What is shown.
   */
  label: string;
  /**
   * What it means for the person who chooses it.
   */
  help: string;
}
/**
 * Yes or no.
 */
export interface ToggleField {
  /**
   * Tells the kinds of field apart.
   */
  kind: 'toggle';
  /**
   * Name of the value in the stored configuration. Never reused for another meaning: old configurations stay valid.
   */
  key: string;
  /**
   * What the form calls the field, in the words of the vendor's own screens.
   */
  label: string;
  /**
   * What to enter and where to find it, in plain words.
   */
  help: string;
  /**
   * Id of the group (`config.groups`) that the field is drawn in.
   */
  group: string;
  /**
   * Place within the group, ascending. Unique there.
   */
  order: number;
  /**
   * Whether a connection needs a value. A field with a default is filled in and so never missing.
   */
  required: boolean;
  visibleWhen?: FieldCondition;
  /**
   * Folded away until somebody asks for it. Follows the group unless given.
   */
  advanced?: boolean;
  /**
   * `host-allows-endpoints`: asked for only where the operator allows connections to endpoints beside `network.allowedHosts`; elsewhere the field does not exist.
   */
  availability?: 'host-allows-endpoints';
  /**
   * Value where none is given.
   */
  default?: boolean;
}
/**
 * A whole number.
 */
export interface IntegerField {
  /**
   * Tells the kinds of field apart.
   */
  kind: 'integer';
  /**
   * Name of the value in the stored configuration. Never reused for another meaning: old configurations stay valid.
   */
  key: string;
  /**
   * What the form calls the field, in the words of the vendor's own screens.
   */
  label: string;
  /**
   * What to enter and where to find it, in plain words.
   */
  help: string;
  /**
   * Id of the group (`config.groups`) that the field is drawn in.
   */
  group: string;
  /**
   * Place within the group, ascending. Unique there.
   */
  order: number;
  /**
   * Whether a connection needs a value. A field with a default is filled in and so never missing.
   */
  required: boolean;
  visibleWhen?: FieldCondition;
  /**
   * Folded away until somebody asks for it. Follows the group unless given.
   */
  advanced?: boolean;
  /**
   * `host-allows-endpoints`: asked for only where the operator allows connections to endpoints beside `network.allowedHosts`; elsewhere the field does not exist.
   */
  availability?: 'host-allows-endpoints';
  /**
   * Value where none is given.
   */
  default?: number;
  /**
   * Least value.
   */
  minimum?: number;
  /**
   * Greatest value.
   */
  maximum?: number;
}
/**
 * Text between the fields; holds no value.
 */
export interface NoticeField {
  /**
   * Tells the kinds of field apart.
   */
  kind: 'notice';
  /**
   * Name of the value in the stored configuration. Never reused for another meaning: old configurations stay valid.
   */
  key: string;
  /**
   * What the form calls the field, in the words of the vendor's own screens.
   */
  label: string;
  /**
   * What to enter and where to find it, in plain words.
   */
  help?: string;
  /**
   * Id of the group (`config.groups`) that the field is drawn in.
   */
  group: string;
  /**
   * Place within the group, ascending. Unique there.
   */
  order: number;
  /**
   * A notice is never required.
   */
  required?: false;
  visibleWhen?: FieldCondition;
  /**
   * Folded away until somebody asks for it. Follows the group unless given.
   */
  advanced?: boolean;
  /**
   * `host-allows-endpoints`: asked for only where the operator allows connections to endpoints beside `network.allowedHosts`; elsewhere the field does not exist.
   */
  availability?: 'host-allows-endpoints';
  /**
   * What it says. Markdown without raw HTML.
   */
  body: string;
  /**
   * How it is shown.
   */
  tone: 'info' | 'warning';
}
/**
 * What a person does to connect, and what they need afterwards.
 */
export interface SetupGuide {
  /**
   * The steps, in order.
   *
   * @minItems 1
   * @maxItems 50
   */
  steps: SetupStep[];
  /**
   * Help by fault code: the contract's own codes and the connector's.
   *
   * @minItems 0
   * @maxItems 200
   */
  troubleshooting: TroubleshootingEntry[];
  /**
   * Pages worth reading after connecting.
   *
   * @minItems 0
   * @maxItems 50
   */
  nextSteps: ManifestLink[];
  /**
   * Words that must stand below the page.
   */
  disclaimer?: string;
}
/**
 * One step.
 */
export interface SetupStep {
  /**
   * Stable name; anchor of the step.
   */
  id: string;
  /**
   * Its heading.
   */
  title: string;
  /**
   * What to do. Markdown without raw HTML.
   */
  body: string;
  /**
   * Keys of the fields that are filled in at this step.
   *
   * @minItems 0
   * @maxItems 100
   */
  fields?: string[];
}
/**
 * Help for one code.
 */
export interface TroubleshootingEntry {
  /**
   * Fault code, upper case with underscores.
   */
  code: string;
  /**
   * The trouble in a few words.
   */
  title: string;
  /**
   * What it means and what to do. Markdown without raw HTML.
   */
  body: string;
}
