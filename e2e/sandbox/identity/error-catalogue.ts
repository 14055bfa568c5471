export type OAuthErrorCode =
  | "access_denied"
  | "authorization_declined"
  | "authorization_pending"
  | "bad_verification_code"
  | "consent_required"
  | "expired_token"
  | "interaction_required"
  | "invalid_client"
  | "invalid_grant"
  | "invalid_request"
  | "invalid_resource"
  | "invalid_scope"
  | "login_required"
  | "server_error"
  | "slow_down"
  | "temporarily_unavailable"
  | "unauthorized_client"
  | "unsupported_grant_type"
  | "unsupported_response_type";

interface ErrorShape {
  error: OAuthErrorCode;
  status?: number;
  suberror?: string;
}

/** Numbers by the OAuth error they travel with; whatever is not listed is an `invalid_grant`. */
const NUMBERS: Partial<Record<OAuthErrorCode, readonly number[]>> = {
  authorization_pending: [70016],
  bad_verification_code: [70018],
  expired_token: [70019],
  access_denied: [65004, 90094, 90095, 500021, 500212, 500213, 50002, 500022, 54000],
  consent_required: [90099],
  interaction_required: [
    50072, 50074, 50076, 50078, 50079, 50097, 50105, 50131, 50158, 53000, 53001, 53002, 53003,
    53004, 53011, 530032, 530035, 16000, 70043, 530036, 530084, 530003, 700003, 53009, 530021,
    50005, 50127, 50129, 50155, 50187, 135011, 53010, 530034, 500121, 50125, 50135, 50142, 50161,
    50085, 700020, 50140, 50199,
  ],
  invalid_client: [
    7000215, 7000222, 7000218, 70002, 700025, 700027, 700024, 700030, 50012, 50013, 500133, 50027,
    500112, 650052, 650056, 700211, 700212, 700213, 50146, 700229, 67003,
  ],
  invalid_request: [
    90002, 90014, 90023, 90124, 900144, 9001023, 900382, 900432, 900561, 90051, 9002325, 9002332,
    90130, 28000, 28002, 28003, 700022, 700023, 50049, 50059, 50147, 501491, 50194, 500208, 90038,
    70007, 900971, 70021, 50014, 50128, 90019, 5000224, 5000225, 90119, 90121, 50143, 900384,
    901002, 90100, 90056, 90027, 1000104,
  ],
  invalid_resource: [500014, 500011, 50001, 650054, 650057],
  invalid_scope: [70011, 1002012],
  login_required: [50058],
  server_error: [50000],
  temporarily_unavailable: [
    90033, 90055, 90006, 90012, 90024, 90090, 50033, 50196, 70012, 80002, 50087, 50088, 50166,
    80005, 80014, 90091,
  ],
  unauthorized_client: [
    7000229, 700016, 700011, 70001, 7000112, 1000031, 700054, 65002, 65005, 90008, 7000114, 70004,
    50011,
  ],
  unsupported_grant_type: [70003],
  unsupported_response_type: [70005],
};

const SUBERRORS: Record<number, string> = {
  50173: "bad_token",
  50132: "bad_token",
  50133: "bad_token",
  65001: "consent_required",
  50076: "basic_action",
  50079: "basic_action",
  50072: "basic_action",
  50074: "basic_action",
  50078: "basic_action",
  53000: "message_only",
  53001: "message_only",
  53003: "message_only",
  530032: "message_only",
};

const STATUSES: Partial<Record<OAuthErrorCode, number>> = {
  invalid_client: 401,
  server_error: 500,
  temporarily_unavailable: 503,
};

export const ERRORS: Readonly<Record<number, ErrorShape>> = buildErrors();

/** Microsoft's wording where the sandbox raises the number by itself. */
export const ERROR_TEXTS: Readonly<Record<number, string>> = {
  1002012:
    "The provided value for scope {scope} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).",
  28000:
    "Provided value for the input parameter scope is not valid because it contains more than one resource. Scope {scope} is not valid.",
  50011:
    "The redirect URI '{redirect}' specified in the request does not match the redirect URIs configured for the application '{client}'. Make sure the redirect URI sent in the request matches one added to your application in the Azure portal.",
  50020:
    "User account '{user}' from identity provider '{home}' does not exist in tenant '{directory}' and cannot access the application '{client}'({name}) in that tenant. The account needs to be added as an external user in the tenant first.",
  50034:
    "The user account {user} does not exist in the {directory} directory. To sign into this application, the account must be added to the directory.",
  50057: "The user account is disabled.",
  50058:
    "A silent sign-in request was sent but no user is signed in. The cookies used to represent the user's session were not sent in the request.",
  50076:
    "Due to a configuration change made by your administrator, or because you moved to a new location, you must use multi-factor authentication to access '{resource}'.",
  50173:
    "The provided grant has expired due to it being revoked, a fresh auth token is needed. The user might have changed or reset their password. The grant was issued on '{issued}' and the TokensValidFrom date (before which tokens are not valid) for this user is '{validFrom}'.",
  50194:
    "Application '{client}'({name}) is not configured as a multi-tenant application. Usage of the /common endpoint is not supported for such apps created after '10/15/2018'. Use a tenant-specific endpoint or configure the application to be multi-tenant.",
  53003:
    "Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.",
  54005:
    "OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing refresh token.",
  65001:
    "The user or administrator has not consented to use the application with ID '{client}' named '{name}'. Send an interactive authorization request for this user and resource.",
  65004: "User declined to consent to access the app.",
  70000:
    "Provided grant is invalid or malformed. It was issued to another application or has been altered.",
  70003: "The app requested an unsupported grant type '{grant}'.",
  70005: "The app returned an unsupported response type '{type}'.",
  70007: "'{mode}' is not a supported value of 'response_mode' when requesting a token.",
  70008:
    "The provided authorization code or refresh token has expired due to inactivity. Send a new interactive authorization request for this user and resource.",
  70011:
    "The provided request must include a 'scope' input parameter. The provided value for the input parameter 'scope' is not valid. The scope {scope} is not valid.",
  90002:
    "Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.",
  90023: "Invalid request. The tenant name '{tenant}' is neither a GUID nor a domain name.",
  90055: "The server has terminated the request due to excessive request rate.",
  90094:
    "{name} needs permission to access resources in your organization that only an admin can grant. Please ask an admin to grant permission to this app before you can use it.",
  500112:
    "The reply address '{redirect}' does not match the reply address '{original}' provided when requesting Authorization code.",
  501481:
    "The Code_Verifier does not match the code_challenge supplied in the authorization request.",
  501491: "Invalid size of Code_Challenge parameter.",
  70016: "OAuth 2.0 device flow error. Authorization is pending. Continue polling.",
  70018: "Invalid verification code due to the user typing in the wrong code.",
  70019: "Verification code expired. Have the user retry the sign-in.",
  700025: "Client is public so neither 'client_assertion' nor 'client_secret' should be presented.",
  70021:
    "No matching federated identity record found for presented assertion. Assertion Issuer: '{issuer}'. Assertion Subject: '{subject}'. Assertion Audience: '{audience}'.",
  700211: "No matching federated identity record found for presented assertion issuer '{issuer}'.",
  700212:
    "No matching federated identity record found for presented assertion audience '{audience}'.",
  700213:
    "No matching federated identity record found for presented assertion subject '{subject}'.",
  700005:
    "Provided Authorization Code is intended to use against other tenant, thus rejected. OAuth2 Authorization Code must be redeemed against same tenant it was acquired for.",
  700016:
    "Application with identifier '{client}' was not found in the directory '{directory}'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.",
  700024:
    "Client assertion is not within its valid time range. Review the documentation at https://aka.ms/certCreds.",
  700027:
    "The certificate with identifier used to sign the client assertion is not registered on application, or the signature is not valid. Thumbprint of key used by client: '{thumbprint}'.",
  700082:
    "The refresh token has expired due to inactivity. The token was issued on {issued} and was inactive for 90.00:00:00.",
  7000112: "Application '{client}'({name}) is disabled.",
  7000215:
    "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '{client}'.",
  7000218:
    "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
  7000222:
    "The provided client secret keys for app '{client}' are expired. Visit the Azure portal to create new keys for your app: https://aka.ms/NewClientSecret, or consider using certificate credentials for added security: https://aka.ms/certCreds.",
  900144: "The request body must contain the following parameter: '{parameter}'.",
  900561: "The endpoint only accepts POST requests. Received a {method} request.",
  9001023:
    "The grant type is not supported over the /common or /consumers endpoints. Please use the /organizations or tenant-specific endpoint.",
  9002313: "Invalid request. Request is malformed or invalid.",
};

function buildErrors(): Record<number, ErrorShape> {
  const shapes: Record<number, ErrorShape> = {};
  for (const [error, numbers] of Object.entries(NUMBERS)) {
    // Object.entries forgets the key type that NUMBERS was declared with.
    const code = error as OAuthErrorCode;
    for (const number of numbers) shapes[number] = shape(number, code);
  }
  for (const number of Object.keys(SUBERRORS).map(Number))
    shapes[number] ??= shape(number, "invalid_grant");
  return shapes;
}

function shape(number: number, error: OAuthErrorCode): ErrorShape {
  const status = STATUSES[error];
  const suberror = SUBERRORS[number];
  return { error, ...(status ? { status } : {}), ...(suberror ? { suberror } : {}) };
}
