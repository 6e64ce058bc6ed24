// Made from manifests/auth0.json by `connector-kit manifest`: change that.
import { defineManifest } from 'connector-kit';

/** The connector's own manifest. */
export const manifest = defineManifest({
  "manifestVersion": 1,
  "id": "auth0",
  "version": "1.0.0",
  "displayName": "Auth0",
  "summary": "Deletes the users of an Auth0 tenant: looks a person up by e-mail address, deletes every user found, and says whether there was one.",
  "vendor": {
    "name": "Auth0",
    "url": "https://auth0.com",
    "apiDocumentation": {
      "label": "Management API",
      "link": "https://auth0.com/docs/api/management/v2"
    }
  },
  "categories": [
    "identity"
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
      "operation-keys",
      "divided-operations",
      "subject-results",
      "oauth-client-credentials",
      "finer-rates"
    ]
  },
  "access": {
    "type": "direct-contact"
  },
  "deletion": {
    "type": "synchronous",
    "granularity": "whole-record",
    "batch": {
      "maxSubjects": 1,
      "maxIdentifiers": 8,
      "maxBytes": 20000
    },
    "statusPollable": false,
    "cancellable": false,
    "repeatable": true,
    "slaDays": 0,
    "notReached": [
      "Log events of the tenant, which name users until Auth0 discards them after the time that your plan keeps them.",
      "What Auth0 has sent on: log streams, and what your applications keep of a profile.",
      "Users of other tenants, and users who have no e-mail address."
    ]
  },
  "identities": {
    "kinds": [
      {
        "kind": "email",
        "label": "Email",
        "help": "The address of the user. It is looked for as it is given and in lower case.",
        "required": false
      }
    ],
    "atLeast": 1
  },
  "limits": {
    "rate": [
      {
        "id": "management-api",
        "label": "Management API, as tenants of the free plan have it",
        "requests": 2,
        "perSeconds": 1,
        "byHeader": {
          "remaining": "x-ratelimit-remaining",
          "reset": "x-ratelimit-reset",
          "resetIs": "epoch-seconds"
        }
      }
    ],
    "share": 0.75,
    "timeoutMs": 20000
  },
  "network": {
    "allowedHosts": [],
    "fromFields": [
      {
        "field": "domain",
        "hosts": [
          "*.auth0.com",
          "*.us.auth0.com",
          "*.eu.auth0.com",
          "*.uk.auth0.com",
          "*.au.auth0.com",
          "*.jp.auth0.com",
          "*.ca.auth0.com"
        ]
      }
    ]
  },
  "auth": {
    "type": "oauth2-client-credentials",
    "tokenEndpoint": {
      "field": "domain",
      "path": "/oauth/token"
    },
    "clientId": "clientId",
    "clientSecret": "clientSecret",
    "audience": {
      "field": "domain",
      "path": "/api/v2/"
    }
  },
  "roles": {
    "host": [
      "super-admin",
      "connections-manager"
    ],
    "vendor": [
      "Tenant Admin"
    ]
  },
  "permissions": [
    {
      "id": "read-users",
      "label": "read:users",
      "why": "To find a person's users by e-mail address. Tried with an address that nobody has.",
      "required": true,
      "capabilities": [
        "base"
      ],
      "grantedBy": "Authorize the application for the **Auth0 Management API** with the permission **read:users**.",
      "probe": "read-only"
    },
    {
      "id": "delete-users",
      "label": "delete:users",
      "why": "To delete the users that were found. Read from the token, which names its permissions.",
      "required": true,
      "capabilities": [
        "deletion"
      ],
      "grantedBy": "Authorize the application for the **Auth0 Management API** with the permission **delete:users**.",
      "probe": "read-only"
    }
  ],
  "config": {
    "groups": [
      {
        "id": "access",
        "label": "Access"
      }
    ],
    "fields": [
      {
        "kind": "string",
        "key": "domain",
        "label": "Domain",
        "help": "The address of the tenant: https:// and the domain that the settings of the application show. A custom domain is not taken.",
        "group": "access",
        "order": 1,
        "required": true,
        "example": "https://acme.eu.auth0.com",
        "maxLength": 300,
        "format": "uri"
      },
      {
        "kind": "string",
        "key": "clientId",
        "label": "Client ID",
        "help": "As the settings of the application show it.",
        "group": "access",
        "order": 2,
        "required": true,
        "maxLength": 200,
        "pattern": "^[!-~]+$"
      },
      {
        "kind": "secret",
        "key": "clientSecret",
        "label": "Client Secret",
        "help": "As the settings of the application show it.",
        "group": "access",
        "order": 3,
        "required": true,
        "maxLength": 500,
        "pattern": "^[!-~]+$"
      }
    ]
  },
  "setup": {
    "steps": [
      {
        "id": "create-application",
        "title": "Create an application",
        "body": "In the Auth0 Dashboard, open **Applications > Applications** and create one of the type **Machine to Machine**. Authorize it for the **Auth0 Management API** with the permissions **read:users** and **delete:users**, and no others."
      },
      {
        "id": "enter-application",
        "title": "Enter the application",
        "body": "Open **Settings** of the application. Enter the **Domain** with https:// before it, and the **Client ID** and **Client Secret**.",
        "fields": [
          "domain",
          "clientId",
          "clientSecret"
        ]
      },
      {
        "id": "assumptions",
        "title": "Know what was assumed",
        "body": "This connector was made from Auth0's public documentation and tried against a stand-in for Auth0. Where the documentation is silent, it was assumed that:\n\n- a user is gone for every later search by address once its deletion was answered;\n- an address brings all users who have it, however many, in one answer;\n- a tenant's domain ends with `auth0.com`, after one of the regions `us`, `eu`, `uk`, `au`, `jp` and `ca` or none.\n\nCalls are kept below two a second, the limit of the free plan, and wait where Auth0 says that none is left of the tenant's own limit."
      }
    ],
    "troubleshooting": [
      {
        "code": "UNAUTHENTICATED",
        "title": "The application is not accepted",
        "body": "Check **Domain**, **Client ID** and **Client Secret**. The secret may have been rotated."
      },
      {
        "code": "PERMISSION_MISSING",
        "title": "The application may not do this",
        "body": "Authorize it for the **Auth0 Management API** with the permissions **read:users** and **delete:users**."
      },
      {
        "code": "ENDPOINT_NOT_ALLOWED",
        "title": "The domain is not one of Auth0",
        "body": "Enter the domain of the tenant, which ends with `auth0.com`; a custom domain is not taken. Anything else needs the permission of the operator of your privacy platform."
      },
      {
        "code": "IDENTIFIER_MISSING",
        "title": "The request has no e-mail address",
        "body": "Add the address of the person: Auth0 is asked for users by address."
      },
      {
        "code": "IDENTIFIER_REFUSED",
        "title": "One address cannot be used",
        "body": "Correct the request and try again; nobody else's deletion is held up by it."
      },
      {
        "code": "INPUT_REFUSED",
        "title": "Auth0 refuses the request as invalid",
        "body": "Check the addresses of the request."
      },
      {
        "code": "TOO_LARGE",
        "title": "One person brings too many addresses",
        "body": "A request takes 8 addresses. Divide them over several requests."
      },
      {
        "code": "NOT_FOUND",
        "title": "Auth0 does not know what was asked for",
        "body": "Check the **Domain**: it leads to something else than a tenant of Auth0."
      },
      {
        "code": "RATE_LIMITED",
        "title": "Auth0 asks for fewer requests",
        "body": "Nothing is lost: work goes on by itself once it allows that."
      },
      {
        "code": "GATEWAY_REFUSED",
        "title": "Something other than Auth0 refused the request",
        "body": "Most often a proxy or a firewall. Ask your network team to let your privacy platform reach Auth0."
      },
      {
        "code": "VENDOR_ERROR",
        "title": "Auth0 has trouble of its own",
        "body": "It is tried again by itself where that is safe."
      },
      {
        "code": "UNREACHABLE",
        "title": "Auth0 cannot be reached",
        "body": "Check the **Domain**, and that the network lets your privacy platform reach Auth0."
      }
    ],
    "nextSteps": [
      {
        "label": "Search users by email",
        "link": "https://auth0.com/docs/manage-users/user-search/retrieve-users-with-get-users-by-email-endpoint"
      },
      {
        "label": "Delete users",
        "link": "https://auth0.com/docs/manage-users/user-accounts/delete-users"
      }
    ]
  }
});
