// Made from manifests/mixpanel.json by `connector-kit manifest`: change that.
import { defineManifest } from 'connector-kit';

/** The connector's own manifest. */
export const manifest = defineManifest({
  "manifestVersion": 1,
  "id": "mixpanel",
  "version": "1.0.0",
  "displayName": "Mixpanel",
  "summary": "Deletes people from a Mixpanel project, many in one job, and follows each job until Mixpanel has finished it.",
  "vendor": {
    "name": "Mixpanel",
    "url": "https://mixpanel.com",
    "apiDocumentation": {
      "label": "GDPR API",
      "link": "https://docs.mixpanel.com/reference/gdpr-api"
    }
  },
  "categories": [
    "analytics"
  ],
  "products": [
    "request-manager"
  ],
  "entry": {
    "module": ".",
    "export": "connectorModule"
  },
  "contract": {
    "range": "^1.0.0",
    "features": [
      "divided-operations",
      "chosen-region"
    ]
  },
  "access": {
    "type": "direct-contact"
  },
  "deletion": {
    "type": "asynchronous",
    "granularity": "whole-record",
    "batch": {
      "maxSubjects": 1999,
      "maxIdentifiers": 1999,
      "maxBytes": 1000000
    },
    "statusPollable": true,
    "cancellable": true,
    "repeatable": true,
    "slaDays": 30,
    "vendorStates": [
      "PENDING",
      "STAGING",
      "STARTED",
      "SUCCESS",
      "FAILURE",
      "REVOKED",
      "NOT_FOUND"
    ],
    "notReached": [
      "What Mixpanel has sent on, such as data pipelines into a warehouse, and what people have exported.",
      "Events under IDs that are not given: Mixpanel deletes by distinct ID and by nothing else.",
      "Data that arrives after the deletion. Stop tracking the person first."
    ]
  },
  "identities": {
    "kinds": [
      {
        "kind": "user_id",
        "label": "User ID",
        "help": "The ID that your product identifies the person by at Mixpanel. It is sent as a distinct ID.",
        "required": false
      },
      {
        "kind": "mixpanel_distinct_id",
        "label": "Distinct ID",
        "help": "A distinct ID as Mixpanel shows it, such as that of a device before the person signed in.",
        "required": false
      }
    ],
    "atLeast": 1
  },
  "limits": {
    "rate": [
      {
        "id": "gdpr-api",
        "label": "GDPR API",
        "requests": 1,
        "perSeconds": 1
      }
    ],
    "share": 0.75,
    "timeoutMs": 30000
  },
  "regions": [
    {
      "id": "us",
      "label": "United States",
      "help": "The address of your project begins with mixpanel.com.",
      "baseUrls": {
        "deletions": "https://mixpanel.com/api/app/data-deletions/v3.0"
      }
    },
    {
      "id": "eu",
      "label": "European Union",
      "help": "The address of your project begins with eu.mixpanel.com.",
      "baseUrls": {
        "deletions": "https://eu.mixpanel.com/api/app/data-deletions/v3.0"
      }
    },
    {
      "id": "in",
      "label": "India",
      "help": "The address of your project begins with in.mixpanel.com.",
      "baseUrls": {
        "deletions": "https://in.mixpanel.com/api/app/data-deletions/v3.0"
      }
    }
  ],
  "regionField": "region",
  "network": {
    "allowedHosts": [
      "mixpanel.com",
      "eu.mixpanel.com",
      "in.mixpanel.com"
    ]
  },
  "roles": {
    "host": [
      "super-admin",
      "connections-manager"
    ],
    "vendor": [
      "Organization Owner",
      "Project Owner",
      "Project Admin"
    ]
  },
  "permissions": [
    {
      "id": "data-deletions",
      "label": "Data deletions of the project",
      "why": "To ask for deletions and to follow them. Tried by asking about a deletion that nobody asked for.",
      "required": true,
      "capabilities": [
        "base"
      ],
      "grantedBy": "Create the token as an **owner or admin** of the project.",
      "probe": "read-only"
    }
  ],
  "config": {
    "groups": [
      {
        "id": "access",
        "label": "Access"
      },
      {
        "id": "deletion",
        "label": "Deletion"
      },
      {
        "id": "advanced",
        "label": "Advanced",
        "advanced": true
      }
    ],
    "fields": [
      {
        "kind": "secret",
        "key": "gdprToken",
        "label": "OAuth Token for GDPR APIs",
        "help": "The token from your profile, under Data & Privacy. It expires after a year.",
        "group": "access",
        "order": 1,
        "required": true,
        "maxLength": 4096,
        "pattern": "^[!-~]+$"
      },
      {
        "kind": "secret",
        "key": "projectToken",
        "label": "Project Token",
        "help": "The token of the project that people are deleted from, as its settings show it.",
        "group": "access",
        "order": 2,
        "required": true,
        "maxLength": 200,
        "pattern": "^[A-Za-z0-9]+$"
      },
      {
        "kind": "choice",
        "key": "region",
        "label": "Data Residency",
        "help": "Where Mixpanel keeps the data of the project.",
        "group": "access",
        "order": 3,
        "required": true,
        "choices": [
          {
            "value": "us",
            "label": "United States",
            "help": "The address of your project begins with mixpanel.com."
          },
          {
            "value": "eu",
            "label": "European Union",
            "help": "The address of your project begins with eu.mixpanel.com."
          },
          {
            "value": "in",
            "label": "India",
            "help": "The address of your project begins with in.mixpanel.com."
          }
        ],
        "default": "us"
      },
      {
        "kind": "choice",
        "key": "complianceType",
        "label": "Compliance Type",
        "help": "The law that deletions are asked for under.",
        "group": "deletion",
        "order": 4,
        "required": true,
        "choices": [
          {
            "value": "GDPR",
            "label": "GDPR",
            "help": "The General Data Protection Regulation of the European Union."
          },
          {
            "value": "CCPA",
            "label": "CCPA",
            "help": "The California Consumer Privacy Act."
          }
        ],
        "default": "GDPR"
      },
      {
        "kind": "string",
        "key": "baseUrl",
        "label": "API Base URL",
        "help": "Leave it empty, except to try the connector out against another server: the address of its data deletions.",
        "group": "advanced",
        "order": 5,
        "required": false,
        "advanced": true,
        "maxLength": 2048,
        "format": "uri",
        "availability": "host-allows-endpoints"
      }
    ]
  },
  "setup": {
    "steps": [
      {
        "id": "create-token",
        "title": "Create a token",
        "body": "Sign in to Mixpanel as an owner or admin of the project. Open **Profile & Preferences > Data & Privacy** and create an **OAuth token** for the GDPR APIs. It expires after a year: make a note of the day, and enter a new one in time.",
        "fields": [
          "gdprToken"
        ]
      },
      {
        "id": "find-project",
        "title": "Find the project",
        "body": "Open **Project Settings > Overview** and copy the **Project Token**. The same page shows the **Data Residency** of the project.",
        "fields": [
          "projectToken",
          "region"
        ]
      },
      {
        "id": "choose-law",
        "title": "Choose the law",
        "body": "Choose what deletions are asked for under. A connection for each law is needed where you use both.",
        "fields": [
          "complianceType"
        ]
      },
      {
        "id": "assumptions",
        "title": "Know what was assumed",
        "body": "This connector was made from Mixpanel's public documentation and tried against a stand-in for Mixpanel. Where the documentation is silent or says two things, it was assumed that:\n\n- whoever may ask about the deletions of a project may ask for some as well;\n- a question about a deletion that nobody asked for is answered with the state NOT_FOUND, not with HTTP 404;\n- deletions are created at an address that ends with a slash, as in the examples, and cancelled by their ID, as in the OpenAPI file;\n- a deletion whose answer was lost is asked for again; taking that back does not stop the first, where Mixpanel took it;\n- an answer names a new deletion as `tracking_id` or `task_id`;\n- to ask for the deletion of the same person twice does no harm;\n- a request that holds an ID which Mixpanel does not take is refused as a whole with HTTP 400.\n\nA deletion takes up to 1,999 IDs, the lower of the two figures in the documentation."
      }
    ],
    "troubleshooting": [
      {
        "code": "UNAUTHENTICATED",
        "title": "The token is not accepted",
        "body": "It may be mistyped, revoked or older than a year, or the **Data Residency** is another one. Create a new token under **Profile & Preferences > Data & Privacy**."
      },
      {
        "code": "PERMISSION_MISSING",
        "title": "The token may not delete people of this project",
        "body": "Create the token as an **owner or admin** of the project, and check the **Project Token**."
      },
      {
        "code": "NOT_FOUND",
        "title": "Mixpanel does not know the deletion",
        "body": "Check **Project Token** and **Data Residency**: the deletion may belong to another project."
      },
      {
        "code": "CONFLICT",
        "title": "The deletion cannot be cancelled any more",
        "body": "Mixpanel takes a deletion back until it has started. This one has."
      },
      {
        "code": "INPUT_REFUSED",
        "title": "Mixpanel refuses the request as invalid",
        "body": "Nothing was deleted by it. Check the IDs of the request and the **Project Token**."
      },
      {
        "code": "IDENTIFIER_MISSING",
        "title": "The request has no distinct ID",
        "body": "Add the user ID or another distinct ID of the person. An e-mail address finds nobody unless it is the distinct ID."
      },
      {
        "code": "IDENTIFIER_REFUSED",
        "title": "One ID cannot be used",
        "body": "Correct the request and try again; nobody else's deletion is held up by it."
      },
      {
        "code": "TOO_LARGE",
        "title": "One person brings too many IDs",
        "body": "A deletion takes 1,999 IDs and 1,000,000 bytes. Divide the IDs over several requests."
      },
      {
        "code": "RATE_LIMITED",
        "title": "Mixpanel asks for fewer requests",
        "body": "Nothing is lost: work goes on by itself once it allows that."
      },
      {
        "code": "ENDPOINT_NOT_ALLOWED",
        "title": "The address is not allowed",
        "body": "Leave **API Base URL** empty, or ask the operator of your privacy platform to allow the address."
      },
      {
        "code": "GATEWAY_REFUSED",
        "title": "Something other than Mixpanel refused the request",
        "body": "Most often a proxy or a firewall. Ask your network team to let your privacy platform reach Mixpanel."
      },
      {
        "code": "VENDOR_ERROR",
        "title": "Mixpanel has trouble of its own",
        "body": "It is tried again by itself where that is safe."
      },
      {
        "code": "UNREACHABLE",
        "title": "Mixpanel cannot be reached",
        "body": "Check that the network lets your privacy platform reach Mixpanel. It is tried again by itself."
      }
    ],
    "nextSteps": [
      {
        "label": "End user data management",
        "link": "https://docs.mixpanel.com/docs/privacy/end-user-data-management"
      },
      {
        "label": "GDPR API",
        "link": "https://docs.mixpanel.com/reference/gdpr-api"
      }
    ]
  }
});
