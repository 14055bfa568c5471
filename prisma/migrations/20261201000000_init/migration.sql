CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

CREATE TABLE "Administrator" (
    "id" UUID NOT NULL,
    "email" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "passwordHash" TEXT,
    "takenPasswordHashes" TEXT[] NOT NULL DEFAULT '{}',
    "role" TEXT NOT NULL DEFAULT 'administrator',
    "disabledAt" TIMESTAMPTZ(3),
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "managedById" UUID,
    "disabledByCompanyId" UUID,
    "userHandle" TEXT,

    CONSTRAINT "Administrator_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "CompanySignIn" (
    "id" UUID NOT NULL,
    "slug" TEXT NOT NULL,
    "preset" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "cloud" TEXT,
    "issuer" TEXT NOT NULL,
    "clientId" TEXT NOT NULL,
    "clientSecretSealed" TEXT NOT NULL,
    "pinned" TEXT[],
    "roleClaim" TEXT NOT NULL,
    "roleValues" JSONB NOT NULL,
    "defaultRole" TEXT,
    "createsPeople" BOOLEAN NOT NULL,
    "requiredAmr" TEXT,
    "sessionHours" INTEGER NOT NULL,
    "rechecks" BOOLEAN NOT NULL,
    "endsAtCompany" BOOLEAN NOT NULL,
    "enabled" BOOLEAN NOT NULL DEFAULT false,
    "version" INTEGER NOT NULL DEFAULT 1,
    "testedAt" TIMESTAMPTZ(3),
    "testReport" JSONB,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "CompanySignIn_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "CompanyPolicy" (
    "id" INTEGER NOT NULL,
    "only" BOOLEAN NOT NULL,
    "passwordUsedAt" TIMESTAMPTZ(3),
    "passwordUsedByName" TEXT,
    "usedMethod" TEXT,

    CONSTRAINT "CompanyPolicy_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "ShownLogoutToken" (
    "hash" TEXT NOT NULL,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "ShownLogoutToken_pkey" PRIMARY KEY ("hash")
);

CREATE TABLE "AdministratorIdentity" (
    "id" UUID NOT NULL,
    "administratorId" UUID NOT NULL,
    "companySignInId" UUID NOT NULL,
    "issuer" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "tenantId" TEXT,
    "objectId" TEXT,
    "username" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "lastSignInAt" TIMESTAMPTZ(3),

    CONSTRAINT "AdministratorIdentity_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "Authenticator" (
    "administratorId" UUID NOT NULL,
    "secretSealed" TEXT NOT NULL,
    "confirmedAt" TIMESTAMPTZ(3),
    "lastStep" BIGINT NOT NULL DEFAULT 0,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Authenticator_pkey" PRIMARY KEY ("administratorId")
);

CREATE TABLE "RecoveryCode" (
    "codeHash" TEXT NOT NULL,
    "administratorId" UUID NOT NULL,

    CONSTRAINT "RecoveryCode_pkey" PRIMARY KEY ("codeHash")
);

CREATE TABLE "PendingSignIn" (
    "tokenHash" TEXT NOT NULL,
    "administratorId" UUID NOT NULL,
    "triesLeft" INTEGER NOT NULL,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "PendingSignIn_pkey" PRIMARY KEY ("tokenHash")
);

CREATE TABLE "Passkey" (
    "id" UUID NOT NULL,
    "administratorId" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "credentialId" TEXT NOT NULL,
    "publicKey" BYTEA NOT NULL,
    "counter" BIGINT NOT NULL,
    "transports" TEXT[] NOT NULL,
    "deviceType" TEXT NOT NULL,
    "isBackedUp" BOOLEAN NOT NULL,
    "aaguid" TEXT NOT NULL,
    "rpId" TEXT NOT NULL,
    "copiedAt" TIMESTAMPTZ(3),
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "lastUsedAt" TIMESTAMPTZ(3),

    CONSTRAINT "Passkey_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "PasskeyChallenge" (
    "tokenHash" TEXT NOT NULL,
    "administratorId" UUID,
    "challenge" TEXT NOT NULL,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "PasskeyChallenge_pkey" PRIMARY KEY ("tokenHash")
);

CREATE TABLE "Session" (
    "id" UUID NOT NULL,
    "administratorId" UUID NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "lastSeenAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,
    "address" TEXT,
    "browser" TEXT NOT NULL DEFAULT '',
    "method" TEXT NOT NULL DEFAULT 'password',
    "provenAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "identityId" UUID,
    "companySid" TEXT,
    "idTokenSealed" TEXT,
    "refreshTokenSealed" TEXT,
    "recheckAt" TIMESTAMPTZ(3),
    "twoFactors" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "Session_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "SetupLink" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "invitedByName" TEXT,
    "invitedById" UUID,
    "role" TEXT NOT NULL DEFAULT 'administrator',
    "email" TEXT,
    "name" TEXT,
    "tokenHash" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "SetupLink_pkey" PRIMARY KEY ("tokenHash")
);

CREATE TABLE "PasswordLink" (
    "tokenHash" TEXT NOT NULL,
    "administratorId" UUID NOT NULL,
    "createdByName" TEXT NOT NULL,
    "createdById" UUID,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "PasswordLink_pkey" PRIMARY KEY ("tokenHash")
);

CREATE TABLE "SignInThrottle" (
    "subject" TEXT NOT NULL,
    "failures" INTEGER NOT NULL,
    "blockedUntil" TIMESTAMPTZ(3) NOT NULL,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "SignInThrottle_pkey" PRIMARY KEY ("subject")
);

CREATE TABLE "KeyCanary" (
    "id" INTEGER NOT NULL,
    "sealed" TEXT NOT NULL,

    CONSTRAINT "KeyCanary_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "CloudProvider" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "nameKey" TEXT NOT NULL,
    "service" TEXT NOT NULL DEFAULT 'microsoft_azure',
    "type" TEXT NOT NULL DEFAULT 'outlook365',
    "cloud" TEXT NOT NULL DEFAULT 'global',
    "accountTypes" TEXT NOT NULL DEFAULT 'tenant',
    "grant" TEXT NOT NULL DEFAULT 'delegated',
    "clientId" TEXT NOT NULL,
    "tenantId" TEXT NOT NULL,
    "hosts" JSONB,
    "redirectUri" TEXT NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "failureId" TEXT,
    "failedAt" TIMESTAMPTZ(3),
    "redirectFailureId" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "autoRotate" BOOLEAN NOT NULL DEFAULT false,
    "rotateDueAt" TIMESTAMPTZ(3),
    "rotationFailureId" TEXT,
    "rotationFailedAt" TIMESTAMPTZ(3),

    CONSTRAINT "CloudProvider_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "CloudProviderSummary" (
    "cloudProviderId" UUID NOT NULL,
    "state" TEXT NOT NULL,
    "accounts" INTEGER NOT NULL,
    "signIns" INTEGER NOT NULL,
    "secretExpiresAt" TIMESTAMPTZ(3) NOT NULL,
    "searched" TEXT NOT NULL,
    "nameKey" TEXT NOT NULL DEFAULT '',
    "failureIds" TEXT[] NOT NULL DEFAULT '{}',

    CONSTRAINT "CloudProviderSummary_pkey" PRIMARY KEY ("cloudProviderId")
);

CREATE TABLE "CloudProviderTouch" (
    "transaction" BIGINT NOT NULL,
    "cloudProviderId" UUID NOT NULL,

    CONSTRAINT "CloudProviderTouch_pkey" PRIMARY KEY ("transaction","cloudProviderId")
);

CREATE TABLE "ClientCredential" (
    "id" UUID NOT NULL,
    "cloudProviderId" UUID NOT NULL,
    "kind" TEXT NOT NULL DEFAULT 'client_secret',
    "secretSealed" TEXT,
    "certificate" TEXT,
    "source" JSONB,
    "hint" TEXT NOT NULL,
    "expiresAt" TIMESTAMPTZ(3),
    "version" INTEGER NOT NULL,
    "provedAt" TIMESTAMPTZ(3),
    "supersededAt" TIMESTAMPTZ(3),
    "keptUntil" TIMESTAMPTZ(3),
    "origin" TEXT NOT NULL DEFAULT 'typed',
    "restoredFrom" INTEGER,
    "keyId" TEXT,
    "removedAt" TIMESTAMPTZ(3),
    "refusedAt" TIMESTAMPTZ(3),
    "refusedAs" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "createdByName" TEXT NOT NULL,

    CONSTRAINT "ClientCredential_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "SecretRotation" (
    "cloudProviderId" UUID NOT NULL,
    "leaseUntil" TIMESTAMPTZ(3),
    "fence" INTEGER NOT NULL DEFAULT 1,
    "failures" INTEGER NOT NULL DEFAULT 0,
    "displayName" TEXT,
    "credentialVersion" INTEGER,
    "secretSealed" TEXT,
    "keyId" TEXT,
    "expiresAt" TIMESTAMPTZ(3),
    "madeAt" TIMESTAMPTZ(3),

    CONSTRAINT "SecretRotation_pkey" PRIMARY KEY ("cloudProviderId")
);

CREATE TABLE "PendingCertificate" (
    "cloudProviderId" UUID NOT NULL,
    "certificate" TEXT NOT NULL,
    "privateKeySealed" TEXT NOT NULL,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "createdByName" TEXT NOT NULL,

    CONSTRAINT "PendingCertificate_pkey" PRIMARY KEY ("cloudProviderId")
);

CREATE TABLE "Authorization" (
    "id" UUID NOT NULL,
    "cloudProviderId" UUID NOT NULL,
    "grant" TEXT NOT NULL DEFAULT 'delegated',
    "username" TEXT NOT NULL,
    "displayName" TEXT NOT NULL,
    "objectId" TEXT NOT NULL,
    "tenantId" TEXT NOT NULL,
    "homeAccountId" TEXT NOT NULL,
    "scopes" TEXT[],
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "signedInAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "signedInByName" TEXT NOT NULL,

    CONSTRAINT "Authorization_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "TokenSet" (
    "authorizationId" UUID NOT NULL,
    "accessTokenSealed" TEXT NOT NULL,
    "accessTokenExpiresAt" TIMESTAMPTZ(3) NOT NULL,
    "cacheSealed" TEXT NOT NULL,
    "refreshedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "refreshDueAt" TIMESTAMPTZ(3) NOT NULL,
    "leaseOwner" TEXT,
    "leaseUntil" TIMESTAMPTZ(3),
    "fence" INTEGER NOT NULL DEFAULT 0,
    "state" TEXT NOT NULL DEFAULT 'connected',
    "failureId" TEXT,
    "failureText" TEXT,
    "failedAt" TIMESTAMPTZ(3),
    "failingSince" TIMESTAMPTZ(3),
    "failures" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "TokenSet_pkey" PRIMARY KEY ("authorizationId")
);

CREATE TABLE "SignInLink" (
    "id" UUID NOT NULL,
    "cloudProviderId" UUID NOT NULL,
    "username" TEXT NOT NULL,
    "usernameKey" TEXT NOT NULL,
    "tokenHash" TEXT NOT NULL,
    "createdByName" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,
    "openedAt" TIMESTAMPTZ(3),
    "signedInAt" TIMESTAMPTZ(3),
    "failureId" TEXT,
    "failedAt" TIMESTAMPTZ(3),

    CONSTRAINT "SignInLink_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "Letter" (
    "id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "tokenHash" TEXT NOT NULL,
    "recipient" TEXT NOT NULL,
    "recipientKey" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "textSealed" TEXT,
    "state" TEXT NOT NULL DEFAULT 'waiting',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "interruptions" INTEGER NOT NULL DEFAULT 0,
    "dueAt" TIMESTAMPTZ(3) NOT NULL,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,
    "leaseUntil" TIMESTAMPTZ(3),
    "attemptedAt" TIMESTAMPTZ(3),
    "sentAt" TIMESTAMPTZ(3),
    "result" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Letter_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "MailboxWithLinks" (
    "key" TEXT NOT NULL,
    "until" TIMESTAMPTZ(3),

    CONSTRAINT "MailboxWithLinks_pkey" PRIMARY KEY ("key")
);

CREATE TABLE "MailboxName" (
    "subject" TEXT NOT NULL,
    "name" TEXT NOT NULL,

    CONSTRAINT "MailboxName_pkey" PRIMARY KEY ("subject","name")
);

CREATE TABLE "PlatformPause" (
    "subject" TEXT NOT NULL,
    "authority" TEXT NOT NULL DEFAULT '',
    "tenantId" TEXT NOT NULL DEFAULT '',
    "clientId" TEXT NOT NULL DEFAULT '',
    "until" TIMESTAMPTZ(3) NOT NULL,
    "askedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "askedUntil" TIMESTAMPTZ(3),
    "probedAt" TIMESTAMPTZ(3),
    "reason" TEXT NOT NULL,

    CONSTRAINT "PlatformPause_pkey" PRIMARY KEY ("subject")
);

CREATE TABLE "AuthorizationRequest" (
    "id" UUID NOT NULL,
    "stateHash" TEXT NOT NULL,
    "cloudProviderId" UUID NOT NULL,
    "providerVersion" INTEGER NOT NULL,
    "sessionId" UUID NOT NULL,
    "redirectUri" TEXT NOT NULL,
    "codeVerifierSealed" TEXT NOT NULL,
    "nonce" TEXT NOT NULL,
    "expectedUsername" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,
    "consumedAt" TIMESTAMPTZ(3),
    "answerHash" TEXT,
    "outcome" JSONB,
    "kind" TEXT NOT NULL DEFAULT 'sign_in',
    "deviceCodeSealed" TEXT,
    "userCode" TEXT,
    "verificationUri" TEXT,
    "nextPollAt" TIMESTAMPTZ(3),
    "pollIntervalMs" INTEGER,
    "startedByName" TEXT,
    "emailAccountId" UUID,
    "pendingSealed" TEXT,
    "signInLinkId" UUID,

    CONSTRAINT "AuthorizationRequest_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "ContactList" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "nameKey" TEXT NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "ContactList_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "Contact" (
    "id" UUID NOT NULL,
    "contactListId" UUID NOT NULL,
    "email" TEXT NOT NULL,
    "emailKey" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "emailAccountId" UUID,
    "firstSeenAt" TIMESTAMPTZ(3),
    "lastSeenAt" TIMESTAMPTZ(3),

    CONSTRAINT "Contact_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "SuppressedContact" (
    "hash" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "SuppressedContact_pkey" PRIMARY KEY ("hash")
);

CREATE TABLE "EmailAccount" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "nameKey" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "keyKey" TEXT NOT NULL,
    "emailAddress" TEXT NOT NULL,
    "emailKey" TEXT NOT NULL,
    "contactListId" UUID,
    "active" BOOLEAN NOT NULL DEFAULT true,
    "service" TEXT NOT NULL,
    "modernAuthentication" BOOLEAN NOT NULL,
    "username" TEXT NOT NULL,
    "usernameKey" TEXT NOT NULL,
    "cloudProviderId" UUID,
    "providerKey" TEXT NOT NULL DEFAULT '',
    "mailbox" TEXT,
    "smtpUser" TEXT,
    "passwordSealed" TEXT,
    "formerUsername" TEXT,
    "movedAt" TIMESTAMPTZ(3),
    "hosts" JSONB,
    "description" TEXT NOT NULL DEFAULT '',
    "version" INTEGER NOT NULL DEFAULT 1,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "state" TEXT NOT NULL DEFAULT 'not_signed_in',
    "lastTestedAt" TIMESTAMPTZ(3),
    "imapVerdict" TEXT,
    "smtpVerdict" TEXT,
    "pop3Verdict" TEXT,
    "testFailureId" TEXT,
    "testFailingSince" TIMESTAMPTZ(3),
    "captureReplyTo" BOOLEAN NOT NULL DEFAULT false,
    "captureAutomatic" BOOLEAN NOT NULL DEFAULT false,
    "testSchedule" TEXT NOT NULL DEFAULT 'off',
    "nextTestAt" TIMESTAMPTZ(3),
    "importId" UUID,

    CONSTRAINT "EmailAccount_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "CaptureState" (
    "emailAccountId" UUID NOT NULL,
    "uidValidity" BIGINT,
    "lastUid" BIGINT NOT NULL DEFAULT 0,
    "lastReceivedAt" TIMESTAMPTZ(3),
    "messages" BIGINT NOT NULL DEFAULT 0,
    "captured" BIGINT NOT NULL DEFAULT 0,
    "skipped" JSONB NOT NULL DEFAULT '{}',
    "leaseOwner" TEXT,
    "leaseUntil" TIMESTAMPTZ(3),
    "fence" INTEGER NOT NULL DEFAULT 0,
    "followingSince" TIMESTAMPTZ(3),
    "readAt" TIMESTAMPTZ(3),
    "failures" INTEGER NOT NULL DEFAULT 0,
    "failureId" TEXT,
    "failedAt" TIMESTAMPTZ(3),
    "retryAt" TIMESTAMPTZ(3),

    CONSTRAINT "CaptureState_pkey" PRIMARY KEY ("emailAccountId")
);

CREATE TABLE "ConnectionTest" (
    "id" UUID NOT NULL,
    "emailAccountId" UUID NOT NULL,
    "startedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "durationMs" INTEGER NOT NULL,
    "verdict" TEXT NOT NULL,
    "startedByName" TEXT NOT NULL,
    "report" JSONB NOT NULL,

    CONSTRAINT "ConnectionTest_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "TestRun" (
    "id" UUID NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "startedByName" TEXT NOT NULL,
    "total" INTEGER NOT NULL,
    "parallelism" INTEGER NOT NULL,
    "scheduled" BOOLEAN NOT NULL DEFAULT false,
    "freshTokens" BOOLEAN NOT NULL DEFAULT false,
    "cancelledAt" TIMESTAMPTZ(3),
    "finishedAt" TIMESTAMPTZ(3),
    "failed" INTEGER,

    CONSTRAINT "TestRun_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "TestRunItem" (
    "testRunId" UUID NOT NULL,
    "emailAccountId" UUID NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'pending',
    "leaseUntil" TIMESTAMPTZ(3),
    "claims" INTEGER NOT NULL DEFAULT 0,
    "connectionTestId" UUID,
    "failureId" TEXT,
    "durationMs" INTEGER,

    CONSTRAINT "TestRunItem_pkey" PRIMARY KEY ("testRunId","emailAccountId")
);

CREATE TABLE "MailboxLease" (
    "mailbox" TEXT NOT NULL,
    "owner" UUID NOT NULL,
    "until" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "MailboxLease_pkey" PRIMARY KEY ("mailbox")
);

CREATE TABLE "ApiKey" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "keyHash" TEXT NOT NULL,
    "hint" TEXT NOT NULL,
    "permissions" TEXT[],
    "accountIds" UUID[] NOT NULL DEFAULT '{}',
    "accountKeyPrefix" TEXT,
    "addresses" TEXT[] NOT NULL DEFAULT '{}',
    "requestsPerMinute" INTEGER,
    "windowEndsAt" TIMESTAMPTZ(3),
    "windowTaken" INTEGER NOT NULL DEFAULT 0,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "createdByName" TEXT NOT NULL,
    "createdById" UUID,
    "lastUsedAt" TIMESTAMPTZ(3),
    "expiresAt" TIMESTAMPTZ(3),
    "revokedAt" TIMESTAMPTZ(3),

    CONSTRAINT "ApiKey_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "Device" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "nameKey" TEXT NOT NULL,
    "emailAccountId" UUID NOT NULL,
    "prefix" TEXT NOT NULL,
    "passwordHash" TEXT NOT NULL,
    "passwordVersion" INTEGER NOT NULL DEFAULT 1,
    "protocols" TEXT[],
    "senders" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "networks" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "messagesPerMinute" INTEGER,
    "sentAt" TIMESTAMPTZ(3)[] DEFAULT ARRAY[]::TIMESTAMPTZ(3)[],
    "expiresAt" TIMESTAMPTZ(3),
    "paused" BOOLEAN NOT NULL DEFAULT false,
    "revokedAt" TIMESTAMPTZ(3),
    "revokedByName" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "createdByName" TEXT NOT NULL,
    "createdById" UUID,
    "lastUsedAt" TIMESTAMPTZ(3),
    "lastAddress" TEXT,
    "lastClient" TEXT,
    "lastTlsVersion" TEXT,
    "messages" BIGINT NOT NULL DEFAULT 0,
    "bytes" BIGINT NOT NULL DEFAULT 0,
    "version" INTEGER NOT NULL DEFAULT 1,
    "rewriteFrom" BOOLEAN NOT NULL DEFAULT false,
    "lastRefusedAt" TIMESTAMPTZ(3),
    "failureId" TEXT,
    "failureProtocol" TEXT,
    "failedAt" TIMESTAMPTZ(3),
    "accountKey" TEXT NOT NULL DEFAULT '',

    CONSTRAINT "Device_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "DeviceAttempt" (
    "id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "deviceId" UUID,
    "protocol" TEXT NOT NULL,
    "address" TEXT NOT NULL,
    "client" TEXT,
    "tlsVersion" TEXT,
    "outcome" TEXT NOT NULL,
    "remedyId" TEXT,
    "reply" TEXT,

    CONSTRAINT "DeviceAttempt_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "MailboxPace" (
    "emailAccountId" UUID NOT NULL,
    "sentAt" TIMESTAMPTZ(3)[] DEFAULT ARRAY[]::TIMESTAMPTZ(3)[],

    CONSTRAINT "MailboxPace_pkey" PRIMARY KEY ("emailAccountId")
) WITH (fillfactor = 50);

CREATE TABLE "MailboxRecipients" (
    "emailAccountId" UUID NOT NULL,
    "hour" TIMESTAMPTZ(3) NOT NULL,
    "recipients" INTEGER NOT NULL,

    CONSTRAINT "MailboxRecipients_pkey" PRIMARY KEY ("emailAccountId","hour")
) WITH (fillfactor = 50);

-- Lost in a crash, as it may be: whoever runs writes it again.
CREATE UNLOGGED TABLE "DeviceGateway" (
    "id" UUID NOT NULL,
    "leaseUntil" TIMESTAMPTZ(3) NOT NULL,
    "host" TEXT,
    "startedAt" TIMESTAMPTZ(3),
    "listeners" TEXT[] NOT NULL DEFAULT ARRAY[]::TEXT[],

    CONSTRAINT "DeviceGateway_pkey" PRIMARY KEY ("id")
);

-- Lost in a crash, as it may be: whoever runs writes it again.
CREATE UNLOGGED TABLE "MailboxPlace" (
    "emailAccountId" UUID NOT NULL,
    "protocol" TEXT NOT NULL,
    "place" INTEGER NOT NULL,
    "gatewayId" UUID NOT NULL,
    "claim" UUID,
    "wanted" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "MailboxPlace_pkey" PRIMARY KEY ("emailAccountId","protocol","place")
);

CREATE TABLE "IdempotencyKey" (
    "apiKeyId" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "fingerprint" TEXT NOT NULL,
    "status" INTEGER,
    "body" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "IdempotencyKey_pkey" PRIMARY KEY ("apiKeyId","key")
);

CREATE TABLE "Counter" (
    "name" TEXT NOT NULL,
    "labels" TEXT NOT NULL,
    "value" DOUBLE PRECISION NOT NULL,

    CONSTRAINT "Counter_pkey" PRIMARY KEY ("name","labels")
);

CREATE TABLE "CounterBucket" (
    "span" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "name" TEXT NOT NULL,
    "labels" TEXT NOT NULL,
    "value" DOUBLE PRECISION NOT NULL,

    CONSTRAINT "CounterBucket_pkey" PRIMARY KEY ("span","at","name","labels")
);

CREATE TABLE "AuditEvent" (
    "id" BIGSERIAL NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "actorKind" TEXT NOT NULL,
    "actorId" TEXT NOT NULL,
    "actorName" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "objectKind" TEXT NOT NULL,
    "objectId" TEXT NOT NULL,
    "objectName" TEXT NOT NULL,
    "detail" JSONB NOT NULL DEFAULT '{}',
    "address" TEXT,
    "hash" TEXT,

    CONSTRAINT "AuditEvent_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "AuditHead" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "eventId" BIGINT NOT NULL,
    "hash" TEXT NOT NULL,
    "olderRows" INTEGER NOT NULL,
    "mac" TEXT NOT NULL,

    CONSTRAINT "AuditHead_single" CHECK (id = 1),
    CONSTRAINT "AuditHead_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "AuditArchive" (
    "id" SERIAL NOT NULL,
    "file" TEXT NOT NULL,
    "firstId" BIGINT NOT NULL,
    "lastId" BIGINT NOT NULL,
    "events" INTEGER NOT NULL,
    "sha256" TEXT NOT NULL,
    "archivedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "AuditArchive_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "Event" (
    "id" BIGSERIAL NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "type" TEXT NOT NULL,
    "payload" JSONB NOT NULL,

    CONSTRAINT "Event_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "KeeperHeartbeat" (
    "keeperId" TEXT NOT NULL,
    "startedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "beatAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "KeeperHeartbeat_pkey" PRIMARY KEY ("keeperId")
);

CREATE TABLE "KeyReader" (
    "readerId" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "host" TEXT NOT NULL,
    "pid" INTEGER NOT NULL,
    "startedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "beatAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "sealsWith" TEXT NOT NULL,
    "opens" TEXT[],

    CONSTRAINT "KeyReader_pkey" PRIMARY KEY ("readerId")
);

CREATE TABLE "StateChange" (
    "id" BIGSERIAL NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "objectKind" TEXT NOT NULL,
    "objectId" UUID NOT NULL,
    "cloudProviderId" UUID,
    "subject" TEXT NOT NULL,
    "fromState" TEXT NOT NULL,
    "toState" TEXT NOT NULL,
    "failureId" TEXT,

    CONSTRAINT "StateChange_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "Installation" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "installationId" UUID NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "restoredAt" TIMESTAMPTZ(3),
    "auditKeySealed" TEXT,
    "calendarTokenSealed" TEXT,
    "suppressionKeySealed" TEXT,
    "digestAt" TIMESTAMPTZ(3),
    "deviceAuthority" TEXT,
    "deviceAuthorityKeySealed" TEXT,
    "deviceCertificateExpiresAt" TIMESTAMPTZ(3),
    "deviceCertificateSeenAt" TIMESTAMPTZ(3),
    "deviceCertificateFailedAt" TIMESTAMPTZ(3),
    "remindHoursBefore" INTEGER,
    "sendsLapsedLinks" BOOLEAN NOT NULL DEFAULT false,
    "lapsedLinksPerDay" INTEGER NOT NULL DEFAULT 20,
    "lapsedLookedAt" TIMESTAMPTZ(3),
    "secondFactorRoles" TEXT[] NOT NULL DEFAULT ARRAY[]::TEXT[],

    CONSTRAINT "Installation_single" CHECK (id = 1),
    CONSTRAINT "Installation_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "Incident" (
    "id" UUID NOT NULL,
    "cause" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "remedyId" TEXT NOT NULL,
    "cloudProviderId" UUID,
    "subject" TEXT NOT NULL,
    "accounts" INTEGER NOT NULL,
    "peakAccounts" INTEGER NOT NULL,
    "accountNames" TEXT[],
    "onlyAccountId" UUID,
    "openedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "firstOpenedAt" TIMESTAMPTZ(3),
    "announcedAt" TIMESTAMPTZ(3),
    "quietSince" TIMESTAMPTZ(3),
    "resolvedAt" TIMESTAMPTZ(3),

    CONSTRAINT "Incident_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "AlertChannel" (
    "id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "nameKey" TEXT NOT NULL,
    "enabled" BOOLEAN NOT NULL DEFAULT true,
    "target" JSONB NOT NULL,
    "addressSealed" TEXT,
    "secretSealed" TEXT,
    "version" INTEGER NOT NULL DEFAULT 1,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "createdByName" TEXT NOT NULL,
    "sendsLinks" BOOLEAN NOT NULL DEFAULT false,
    "linksStoppedAt" TIMESTAMPTZ(3),
    "lastDeliveredAt" TIMESTAMPTZ(3),
    "failingSince" TIMESTAMPTZ(3),
    "failureText" TEXT,

    CONSTRAINT "AlertChannel_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "Alert" (
    "id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "dedupeKey" TEXT NOT NULL,
    "incidentId" UUID,
    "subject" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "payload" JSONB NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Alert_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "AlertDelivery" (
    "id" UUID NOT NULL,
    "alertId" UUID NOT NULL,
    "alertChannelId" UUID NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'pending',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "lastAttemptAt" TIMESTAMPTZ(3),
    "deliveredAt" TIMESTAMPTZ(3),
    "result" TEXT,

    CONSTRAINT "AlertDelivery_pkey" PRIMARY KEY ("id")
);

CREATE UNIQUE INDEX "Administrator_email_key" ON "Administrator"("email");
CREATE UNIQUE INDEX "Administrator_userHandle_key" ON "Administrator"("userHandle");
CREATE INDEX "Administrator_managedById_idx" ON "Administrator"("managedById");
CREATE INDEX "Administrator_disabledByCompanyId_idx" ON "Administrator"("disabledByCompanyId");
CREATE UNIQUE INDEX "CompanySignIn_slug_key" ON "CompanySignIn"("slug");
CREATE UNIQUE INDEX "CompanySignIn_issuer_key" ON "CompanySignIn"("issuer");
CREATE INDEX "ShownLogoutToken_expiresAt_idx" ON "ShownLogoutToken"("expiresAt");
CREATE INDEX "AdministratorIdentity_administratorId_idx" ON "AdministratorIdentity"("administratorId");
CREATE INDEX "AdministratorIdentity_companySignInId_idx" ON "AdministratorIdentity"("companySignInId");
CREATE UNIQUE INDEX "AdministratorIdentity_issuer_subject_key" ON "AdministratorIdentity"("issuer", "subject");
CREATE INDEX "RecoveryCode_administratorId_idx" ON "RecoveryCode"("administratorId");
CREATE INDEX "PendingSignIn_administratorId_idx" ON "PendingSignIn"("administratorId");
CREATE INDEX "PendingSignIn_expiresAt_idx" ON "PendingSignIn"("expiresAt");
CREATE UNIQUE INDEX "Passkey_credentialId_key" ON "Passkey"("credentialId");
CREATE INDEX "Passkey_administratorId_idx" ON "Passkey"("administratorId");
CREATE INDEX "PasskeyChallenge_administratorId_idx" ON "PasskeyChallenge"("administratorId");
CREATE INDEX "PasskeyChallenge_expiresAt_idx" ON "PasskeyChallenge"("expiresAt");
CREATE INDEX "Session_identityId_idx" ON "Session"("identityId");
CREATE INDEX "Session_recheckAt_idx" ON "Session"("recheckAt");
CREATE INDEX "Session_administratorId_idx" ON "Session"("administratorId");
CREATE INDEX "Session_expiresAt_idx" ON "Session"("expiresAt");
ALTER TABLE "PasswordLink" ADD CONSTRAINT "PasswordLink_administratorId_key" UNIQUE ("administratorId");
CREATE INDEX "SignInThrottle_updatedAt_idx" ON "SignInThrottle"("updatedAt");
CREATE UNIQUE INDEX "CloudProvider_nameKey_key" ON "CloudProvider"("nameKey");
CREATE INDEX "CloudProvider_search_idx" ON "CloudProvider" USING GIN ("nameKey" gin_trgm_ops);
CREATE INDEX "CloudProvider_createdAt_id_idx" ON "CloudProvider"("createdAt", "id");
CREATE INDEX "CloudProvider_service_nameKey_id_idx" ON "CloudProvider"("service", "nameKey", "id");
CREATE INDEX "CloudProvider_cloud_nameKey_id_idx" ON "CloudProvider"("cloud", "nameKey", "id");
CREATE INDEX "CloudProviderSummary_state_idx" ON "CloudProviderSummary"("state");
CREATE INDEX "CloudProviderSummary_name_idx" ON "CloudProviderSummary"("nameKey", "cloudProviderId", "state", "accounts", "signIns", "secretExpiresAt");
CREATE INDEX "CloudProviderSummary_accounts_cloudProviderId_idx" ON "CloudProviderSummary"("accounts", "cloudProviderId");
CREATE INDEX "CloudProviderSummary_secretExpiresAt_cloudProviderId_idx" ON "CloudProviderSummary"("secretExpiresAt", "cloudProviderId");
CREATE INDEX "CloudProviderSummary_searched_idx" ON "CloudProviderSummary" USING GIN ("searched" gin_trgm_ops);
CREATE INDEX "ClientCredential_expiresAt_idx" ON "ClientCredential"("expiresAt");
CREATE UNIQUE INDEX "ClientCredential_cloudProviderId_version_key" ON "ClientCredential"("cloudProviderId", "version");
CREATE INDEX "Authorization_username_idx" ON "Authorization" USING HASH ("username");
CREATE UNIQUE INDEX "Authorization_cloudProviderId_username_key" ON "Authorization"("cloudProviderId", "username");
CREATE UNIQUE INDEX "Authorization_cloudProviderId_objectId_tenantId_key" ON "Authorization"("cloudProviderId", "objectId", "tenantId");
CREATE INDEX "TokenSet_accessTokenExpiresAt_idx" ON "TokenSet"("accessTokenExpiresAt");
ALTER TABLE "SignInLink" ADD CONSTRAINT "SignInLink_tokenHash_key" UNIQUE ("tokenHash");
CREATE INDEX "SignInLink_createdAt_id_idx" ON "SignInLink"("createdAt", "id");
CREATE INDEX "SignInLink_usernameKey_id_idx" ON "SignInLink"("usernameKey", "id");
CREATE INDEX "SignInLink_provider_idx" ON "SignInLink"("cloudProviderId", "id");
ALTER TABLE "SignInLink" ADD CONSTRAINT "SignInLink_cloudProviderId_usernameKey_key" UNIQUE ("cloudProviderId", "usernameKey");
CREATE INDEX "Letter_tokenHash_idx" ON "Letter"("tokenHash");
CREATE INDEX "Letter_recipientKey_idx" ON "Letter"("recipientKey");
CREATE INDEX "Letter_attemptedAt_idx" ON "Letter"("attemptedAt");
CREATE INDEX "Letter_createdAt_idx" ON "Letter"("createdAt");
CREATE UNIQUE INDEX "AuthorizationRequest_stateHash_key" ON "AuthorizationRequest"("stateHash");
CREATE INDEX "AuthorizationRequest_expiresAt_idx" ON "AuthorizationRequest"("expiresAt");
CREATE INDEX "AuthorizationRequest_nextPollAt_idx" ON "AuthorizationRequest"("nextPollAt");
CREATE UNIQUE INDEX "ContactList_nameKey_key" ON "ContactList"("nameKey");
CREATE UNIQUE INDEX "Contact_emailKey_key" ON "Contact"("emailKey");
CREATE INDEX "Contact_contactListId_createdAt_id_idx" ON "Contact"("contactListId", "createdAt", "id");
CREATE INDEX "Contact_contactListId_emailKey_id_idx" ON "Contact"("contactListId", "emailKey", "id");
CREATE INDEX "Contact_contactListId_id_idx" ON "Contact"("contactListId", "id");
CREATE INDEX "Contact_createdAt_id_idx" ON "Contact"("createdAt", "id");
CREATE INDEX "Contact_emailAccountId_idx" ON "Contact"("emailAccountId");
CREATE INDEX "Contact_lastSeenAt_id_idx" ON "Contact"("lastSeenAt", "id");
CREATE UNIQUE INDEX "EmailAccount_keyKey_key" ON "EmailAccount"("keyKey");
CREATE INDEX "EmailAccount_usernameKey_idx" ON "EmailAccount" USING HASH ("usernameKey");
CREATE INDEX "EmailAccount_createdAt_id_idx" ON "EmailAccount"("createdAt", "id");
CREATE INDEX "EmailAccount_nameKey_id_idx" ON "EmailAccount"("nameKey", "id");
CREATE INDEX "EmailAccount_emailKey_id_idx" ON "EmailAccount"("emailKey", "id");
CREATE INDEX "EmailAccount_cloudProviderId_usernameKey_idx" ON "EmailAccount"("cloudProviderId", "usernameKey");
CREATE INDEX "EmailAccount_contactListId_idx" ON "EmailAccount"("contactListId");
CREATE INDEX "EmailAccount_nextTestAt_idx" ON "EmailAccount"("nextTestAt");
CREATE INDEX "EmailAccount_movedAt_idx" ON "EmailAccount"("movedAt");
CREATE INDEX "EmailAccount_state_idx" ON "EmailAccount"("state");
CREATE INDEX "EmailAccount_state_nameKey_id_idx" ON "EmailAccount"("state", "nameKey", "id");
CREATE INDEX "EmailAccount_service_nameKey_id_idx" ON "EmailAccount"("service", "nameKey", "id");
CREATE INDEX "EmailAccount_testSchedule_nameKey_id_idx" ON "EmailAccount"("testSchedule", "nameKey", "id");
CREATE INDEX "EmailAccount_providerKey_id_idx" ON "EmailAccount"("providerKey", "id");
CREATE INDEX "EmailAccount_cloudProviderId_nameKey_id_idx" ON "EmailAccount"("cloudProviderId", "nameKey", "id");
CREATE INDEX "EmailAccount_contactListId_nameKey_id_idx" ON "EmailAccount"("contactListId", "nameKey", "id");
CREATE INDEX "CaptureState_leaseOwner_idx" ON "CaptureState"("leaseOwner");
CREATE INDEX "ConnectionTest_emailAccountId_startedAt_idx" ON "ConnectionTest"("emailAccountId", "startedAt" DESC);
CREATE INDEX "TestRun_createdAt_idx" ON "TestRun"("createdAt");
CREATE INDEX "TestRunItem_testRunId_state_idx" ON "TestRunItem"("testRunId", "state");
CREATE INDEX "TestRunItem_emailAccountId_idx" ON "TestRunItem"("emailAccountId");
CREATE UNIQUE INDEX "ApiKey_keyHash_key" ON "ApiKey"("keyHash");
CREATE INDEX "ApiKey_createdById_idx" ON "ApiKey"("createdById");
CREATE UNIQUE INDEX "Device_prefix_key" ON "Device"("prefix");
CREATE INDEX "Device_createdAt_id_idx" ON "Device"("createdAt", "id");
CREATE INDEX "Device_createdById_idx" ON "Device"("createdById");
CREATE INDEX "Device_emailAccountId_createdAt_id_idx" ON "Device"("emailAccountId", "createdAt", "id");
CREATE INDEX "DeviceAttempt_deviceId_id_idx" ON "DeviceAttempt"("deviceId", "id");
CREATE INDEX "MailboxPlace_gatewayId_idx" ON "MailboxPlace"("gatewayId");
CREATE INDEX "IdempotencyKey_createdAt_idx" ON "IdempotencyKey"("createdAt");
CREATE INDEX "AuditEvent_at_idx" ON "AuditEvent"("at");
CREATE INDEX "AuditEvent_objectKind_objectId_at_idx" ON "AuditEvent"("objectKind", "objectId", "at");
CREATE INDEX "AuditEvent_actorId_id_idx" ON "AuditEvent"("actorId", "id" DESC);
CREATE INDEX "AuditEvent_action_id_idx" ON "AuditEvent"("action", "id" DESC);
CREATE UNIQUE INDEX "AuditArchive_file_key" ON "AuditArchive"("file");
CREATE UNIQUE INDEX "AuditArchive_lastId_key" ON "AuditArchive"("lastId");
CREATE INDEX "Event_at_idx" ON "Event"("at");
CREATE INDEX "StateChange_objectId_id_idx" ON "StateChange"("objectId", "id" DESC);
CREATE INDEX "StateChange_cloudProviderId_id_idx" ON "StateChange"("cloudProviderId", "id" DESC);
CREATE INDEX "StateChange_at_idx" ON "StateChange"("at");
CREATE INDEX "Incident_openedAt_id_idx" ON "Incident"("openedAt", "id");
CREATE INDEX "Incident_accounts_id_idx" ON "Incident"("accounts", "id");
CREATE INDEX "Incident_cloudProviderId_idx" ON "Incident"("cloudProviderId");
CREATE UNIQUE INDEX "AlertChannel_nameKey_key" ON "AlertChannel"("nameKey");
CREATE UNIQUE INDEX "Alert_dedupeKey_key" ON "Alert"("dedupeKey");
CREATE INDEX "Alert_createdAt_idx" ON "Alert"("createdAt");
CREATE INDEX "AlertDelivery_alertChannelId_id_idx" ON "AlertDelivery"("alertChannelId", "id" DESC);
CREATE INDEX "AlertDelivery_state_idx" ON "AlertDelivery"("state");
CREATE UNIQUE INDEX "AlertDelivery_alertId_alertChannelId_key" ON "AlertDelivery"("alertId", "alertChannelId");
ALTER TABLE "Administrator" ADD CONSTRAINT "Administrator_managedById_fkey" FOREIGN KEY ("managedById") REFERENCES "CompanySignIn"("id") ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE "Administrator" ADD CONSTRAINT "Administrator_disabledByCompanyId_fkey" FOREIGN KEY ("disabledByCompanyId") REFERENCES "CompanySignIn"("id") ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE "AdministratorIdentity" ADD CONSTRAINT "AdministratorIdentity_administratorId_fkey" FOREIGN KEY ("administratorId") REFERENCES "Administrator"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "AdministratorIdentity" ADD CONSTRAINT "AdministratorIdentity_companySignInId_fkey" FOREIGN KEY ("companySignInId") REFERENCES "CompanySignIn"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "Authenticator" ADD CONSTRAINT "Authenticator_administratorId_fkey" FOREIGN KEY ("administratorId") REFERENCES "Administrator"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "RecoveryCode" ADD CONSTRAINT "RecoveryCode_administratorId_fkey" FOREIGN KEY ("administratorId") REFERENCES "Administrator"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "PendingSignIn" ADD CONSTRAINT "PendingSignIn_administratorId_fkey" FOREIGN KEY ("administratorId") REFERENCES "Administrator"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "Passkey" ADD CONSTRAINT "Passkey_administratorId_fkey" FOREIGN KEY ("administratorId") REFERENCES "Administrator"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "PasskeyChallenge" ADD CONSTRAINT "PasskeyChallenge_administratorId_fkey" FOREIGN KEY ("administratorId") REFERENCES "Administrator"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "Session" ADD CONSTRAINT "Session_administratorId_fkey" FOREIGN KEY ("administratorId") REFERENCES "Administrator"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "Session" ADD CONSTRAINT "Session_identityId_fkey" FOREIGN KEY ("identityId") REFERENCES "AdministratorIdentity"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "PasswordLink" ADD CONSTRAINT "PasswordLink_administratorId_fkey" FOREIGN KEY ("administratorId") REFERENCES "Administrator"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "ClientCredential" ADD CONSTRAINT "ClientCredential_cloudProviderId_fkey" FOREIGN KEY ("cloudProviderId") REFERENCES "CloudProvider"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "SecretRotation" ADD CONSTRAINT "SecretRotation_cloudProviderId_fkey" FOREIGN KEY ("cloudProviderId") REFERENCES "CloudProvider"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "PendingCertificate" ADD CONSTRAINT "PendingCertificate_cloudProviderId_fkey" FOREIGN KEY ("cloudProviderId") REFERENCES "CloudProvider"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "Authorization" ADD CONSTRAINT "Authorization_cloudProviderId_fkey" FOREIGN KEY ("cloudProviderId") REFERENCES "CloudProvider"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "TokenSet" ADD CONSTRAINT "TokenSet_authorizationId_fkey" FOREIGN KEY ("authorizationId") REFERENCES "Authorization"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "SignInLink" ADD CONSTRAINT "SignInLink_cloudProviderId_fkey" FOREIGN KEY ("cloudProviderId") REFERENCES "CloudProvider"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "Contact" ADD CONSTRAINT "Contact_contactListId_fkey" FOREIGN KEY ("contactListId") REFERENCES "ContactList"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "Contact" ADD CONSTRAINT "Contact_emailAccountId_fkey" FOREIGN KEY ("emailAccountId") REFERENCES "EmailAccount"("id") ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE "EmailAccount" ADD CONSTRAINT "EmailAccount_contactListId_fkey" FOREIGN KEY ("contactListId") REFERENCES "ContactList"("id") ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE "EmailAccount" ADD CONSTRAINT "EmailAccount_cloudProviderId_fkey" FOREIGN KEY ("cloudProviderId") REFERENCES "CloudProvider"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "CaptureState" ADD CONSTRAINT "CaptureState_emailAccountId_fkey" FOREIGN KEY ("emailAccountId") REFERENCES "EmailAccount"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "ConnectionTest" ADD CONSTRAINT "ConnectionTest_emailAccountId_fkey" FOREIGN KEY ("emailAccountId") REFERENCES "EmailAccount"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "TestRunItem" ADD CONSTRAINT "TestRunItem_testRunId_fkey" FOREIGN KEY ("testRunId") REFERENCES "TestRun"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "Device" ADD CONSTRAINT "Device_emailAccountId_fkey" FOREIGN KEY ("emailAccountId") REFERENCES "EmailAccount"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "DeviceAttempt" ADD CONSTRAINT "DeviceAttempt_deviceId_fkey" FOREIGN KEY ("deviceId") REFERENCES "Device"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "MailboxPace" ADD CONSTRAINT "MailboxPace_emailAccountId_fkey" FOREIGN KEY ("emailAccountId") REFERENCES "EmailAccount"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "MailboxRecipients" ADD CONSTRAINT "MailboxRecipients_emailAccountId_fkey" FOREIGN KEY ("emailAccountId") REFERENCES "EmailAccount"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "MailboxPlace" ADD CONSTRAINT "MailboxPlace_emailAccountId_fkey" FOREIGN KEY ("emailAccountId") REFERENCES "EmailAccount"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "MailboxPlace" ADD CONSTRAINT "MailboxPlace_gatewayId_fkey" FOREIGN KEY ("gatewayId") REFERENCES "DeviceGateway"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "IdempotencyKey" ADD CONSTRAINT "IdempotencyKey_apiKeyId_fkey" FOREIGN KEY ("apiKeyId") REFERENCES "ApiKey"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "AlertDelivery" ADD CONSTRAINT "AlertDelivery_alertId_fkey" FOREIGN KEY ("alertId") REFERENCES "Alert"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "AlertDelivery" ADD CONSTRAINT "AlertDelivery_alertChannelId_fkey" FOREIGN KEY ("alertChannelId") REFERENCES "AlertChannel"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Sealed texts do not compress.
ALTER TABLE "TokenSet" ALTER COLUMN "accessTokenSealed" SET STORAGE EXTERNAL, ALTER COLUMN "cacheSealed" SET STORAGE EXTERNAL;
-- With the usual statistics a search for a common word is planned as one for a rare one.
ALTER TABLE "CloudProviderSummary" ALTER COLUMN searched SET STATISTICS 1000;

-- Functions

-- Every event wakes the processes that listen; the row is what they then read.
CREATE FUNCTION notify_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('postkey_events', NEW.id::text);
  RETURN NULL;
END;
$$;

-- Every change of a state, whoever makes it.
CREATE FUNCTION record_token_state() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO "StateChange" ("objectKind", "objectId", "cloudProviderId", subject, "fromState", "toState", "failureId")
  SELECT 'authorization', a.id, a."cloudProviderId", a.username,
    CASE TG_OP WHEN 'INSERT' THEN '' ELSE OLD.state END, NEW.state, NEW."failureId"
  FROM "Authorization" a WHERE a.id = NEW."authorizationId";
  RETURN NULL;
END;
$$;

CREATE FUNCTION provider_state(failure text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN failure IS NULL THEN 'working' ELSE 'fix_registration' END
$$;

CREATE FUNCTION record_provider_state() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO "StateChange" ("objectKind", "objectId", "cloudProviderId", subject, "fromState", "toState", "failureId")
  VALUES ('cloud_provider', NEW.id, NEW.id, NEW.name, provider_state(OLD."failureId"), provider_state(NEW."failureId"), NEW."failureId");
  RETURN NULL;
END;
$$;

CREATE FUNCTION account_state(active boolean, failure text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN NOT active THEN 'inactive' WHEN failure IS NOT NULL THEN 'test_failed' ELSE 'active' END
$$;

-- A token that ran out while nobody could renew it works no more, although nothing was refused: the
-- platform does not answer, or no keeper runs.
CREATE FUNCTION token_state(state text, expires timestamptz) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN state = 'connected' AND expires < now() THEN 'retrying' ELSE state END
$$;

-- Whether something holds until then. What lies further ahead than it may ever last was written by a
-- clock that ran ahead, and is void.
CREATE FUNCTION postkey_holds(until timestamptz, longest interval) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE
RETURN coalesce(until > now() AND until <= now() + longest + interval '15 seconds', FALSE);

-- Whether what is said to have happened then lies ahead: it was written by a clock that ran ahead.
CREATE FUNCTION postkey_is_ahead(written timestamptz) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE
RETURN coalesce(written > now() + interval '15 seconds', FALSE);

-- The audit trail is only ever added to; what an archive holds may leave its table.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND TG_TABLE_NAME = 'AuditEvent' THEN
    IF EXISTS (SELECT FROM "AuditArchive" a WHERE OLD.id BETWEEN a."firstId" AND a."lastId") THEN
      RETURN OLD;
    END IF;
  END IF;
  RAISE EXCEPTION 'The audit trail is append-only.';
END;
$$;

-- Naming the column is enough: the trigger above sets it. What writes tokens never waits for accounts: one
-- that somebody edits is left out, and lib/email-accounts/states sets it right within a minute. Waiting, a
-- renewal would hang on an edit, and the two would wait for each other.
-- Without a name: all accounts of the provider. By cursor, since no statistics can mislead that.
CREATE FUNCTION set_states_of_accounts(provider uuid, signed_in text) RETURNS void
LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
  of_provider CURSOR FOR SELECT id FROM "EmailAccount" WHERE "cloudProviderId" = provider
    FOR NO KEY UPDATE SKIP LOCKED;
  of_person CURSOR FOR SELECT id FROM "EmailAccount" WHERE "cloudProviderId" = provider AND "usernameKey" = signed_in
    FOR NO KEY UPDATE SKIP LOCKED;
BEGIN
  IF signed_in IS NULL OR EXISTS (SELECT 1 FROM "CloudProvider" p WHERE p.id = provider AND p."grant" = 'app_only') THEN
    FOR account IN of_provider LOOP
      UPDATE "EmailAccount" SET state = state WHERE CURRENT OF of_provider;
    END LOOP;
  ELSE
    FOR account IN of_person LOOP
      UPDATE "EmailAccount" SET state = state WHERE CURRENT OF of_person;
    END LOOP;
  END IF;
END;
$$;

CREATE FUNCTION token_set_state_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_states_of_accounts(a."cloudProviderId", a.username) FROM "Authorization" a
    WHERE a.id = coalesce(NEW."authorizationId", OLD."authorizationId");
  RETURN NULL;
END;
$$;

CREATE FUNCTION authorization_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_states_of_accounts(OLD."cloudProviderId", OLD.username);
  IF TG_OP = 'UPDATE' THEN
    PERFORM set_states_of_accounts(NEW."cloudProviderId", NEW.username);
  END IF;
  RETURN NULL;
END;
$$;

CREATE FUNCTION provider_grant_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_states_of_accounts(NEW.id, NULL);
  RETURN NULL;
END;
$$;

-- What needs a person comes first: the order of a list by state.
CREATE FUNCTION account_state_rank(state text) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce(array_position(ARRAY['locked', 'fix_registration', 'sign_in_again', 'test_failed', 'no_provider',
    'not_signed_in', 'retrying', 'connected', 'password', 'inactive'], state), 99)
$$;

CREATE FUNCTION touch_cloud_provider(provider uuid) RETURNS void LANGUAGE sql AS $$
  INSERT INTO "CloudProviderTouch" SELECT txid_current(), provider WHERE provider IS NOT NULL
    ON CONFLICT DO NOTHING;
  SELECT set_config('postkey.touched', 'yes', true)
$$;

CREATE FUNCTION provider_touched() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM touch_cloud_provider(coalesce(NEW.id, OLD.id));
  RETURN NULL;
END;
$$;

CREATE FUNCTION part_of_provider_touched() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'DELETE' THEN
    PERFORM touch_cloud_provider(NEW."cloudProviderId");
  END IF;
  IF TG_OP <> 'INSERT' THEN
    PERFORM touch_cloud_provider(OLD."cloudProviderId");
  END IF;
  RETURN NULL;
END;
$$;

CREATE FUNCTION token_set_touched() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
BEGIN
  PERFORM touch_cloud_provider(a."cloudProviderId") FROM "Authorization" a
    WHERE a.id = coalesce(NEW."authorizationId", OLD."authorizationId");
  RETURN NULL;
END;
$$;

-- What needs a person comes first.
CREATE FUNCTION provider_state_rank(state text) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce(array_position(ARRAY['locked', 'fix_registration', 'sign_in_again', 'retrying', 'not_signed_in',
    'connected'], state), 99)
$$;

CREATE FUNCTION set_account_provider_key() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
BEGIN
  -- Locked as the foreign key does it: whoever renames the provider comes before or after, never between.
  SELECT "nameKey" INTO NEW."providerKey" FROM "CloudProvider" WHERE id = NEW."cloudProviderId" FOR KEY SHARE;
  NEW."providerKey" := coalesce(NEW."providerKey", '');
  RETURN NEW;
END;
$$;

-- What the trail shows as one line: the uses of a key by operation, outcome and hour, and the objects that
-- one act changed together. Null for an event that stands alone. The rows stay as they are.
CREATE FUNCTION audit_fold(action text, actor text, at timestamptz, detail jsonb) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE
    WHEN action = 'api_key.use' THEN 'use ' || actor || ' ' || coalesce(detail ->> 'operation', '')
      || CASE WHEN detail ->> 'status' >= '400' THEN ' refused ' ELSE ' ' END
      || floor(extract(epoch FROM at AT TIME ZONE 'UTC') / 3600)::text
    ELSE detail ->> 'act'
  END
$$;

-- Whoever edits an account may wait for its provider; so whoever renames the provider, holding it, must not wait for
-- its accounts: one that somebody edits is left out, and lib/email-accounts/states sets it right within a minute.
CREATE FUNCTION provider_renamed() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
  of_provider CURSOR FOR SELECT id FROM "EmailAccount" WHERE "cloudProviderId" = NEW.id
    FOR NO KEY UPDATE SKIP LOCKED;
BEGIN
  FOR account IN of_provider LOOP
    UPDATE "EmailAccount" SET "providerKey" = NEW."nameKey" WHERE CURRENT OF of_provider;
  END LOOP;
  RETURN NULL;
END;
$$;

-- The order of the list of incidents. The open ones come first and of those the widest, then those that recover, and
-- those that are over, the last first: below 10 million open, below 20 million recovering, above 100 million over.
CREATE FUNCTION incident_rank(opened timestamptz, quiet timestamptz, resolved timestamptz, accounts integer)
RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN resolved IS NOT NULL
      THEN 200000000 - (extract(epoch FROM opened AT TIME ZONE 'UTC') / 60)::int
    ELSE CASE WHEN quiet IS NULL THEN 0 ELSE 10000000 END + 9999999 - least(accounts, 9999999) END
$$;

-- The turns that still count at a time, in their order: those of the last span, and those that are promised.
-- What lies further ahead was written by a clock that ran ahead, and is void.
CREATE FUNCTION postkey_turns(sent timestamptz[], at timestamptz, span interval, hold interval)
RETURNS timestamptz[] LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN ARRAY(SELECT t FROM unnest(sent) t
  WHERE t > at - span AND t <= at + hold + interval '15 seconds' ORDER BY t);

-- When one more may go, so that no more than `most` go in any such span.
CREATE FUNCTION postkey_next_turn(turns timestamptz[], at timestamptz, most int, span interval)
RETURNS timestamptz LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN cardinality(turns) < most THEN at
  ELSE greatest(at, turns[cardinality(turns) - most + 1] + span) END;

-- Takes recipients of a mailbox's day, which is counted by hours: 24 that are over and the one that runs.
-- Whoever calls it holds the row of the mailbox's pace.
CREATE FUNCTION postkey_take_recipients(account uuid, wanted int, per_day int, at timestamptz)
RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  this_hour timestamptz := date_trunc('hour', at, 'UTC');
  taken bigint;
BEGIN
  SELECT coalesce(sum(recipients), 0) INTO taken FROM "MailboxRecipients"
    WHERE "emailAccountId" = account AND hour BETWEEN this_hour - interval '24 hours' AND this_hour;
  IF taken + wanted > per_day THEN RETURN FALSE; END IF;
  INSERT INTO "MailboxRecipients" AS r VALUES (account, this_hour, wanted)
    ON CONFLICT ("emailAccountId", hour) DO UPDATE SET recipients = r.recipients + wanted;
  IF FOUND AND taken = 0 THEN
    DELETE FROM "MailboxRecipients" WHERE "emailAccountId" = account AND hour <> this_hour;
  END IF;
  RETURN TRUE;
END $$;

-- Whether a mailbox has room for more recipients in a day. They are counted where it has.
CREATE FUNCTION postkey_add_recipients(account uuid, wanted int, per_day int)
RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('synchronous_commit', 'off', TRUE);
  INSERT INTO "MailboxPace" VALUES (account) ON CONFLICT DO NOTHING;
  PERFORM FROM "MailboxPace" WHERE "emailAccountId" = account FOR UPDATE;
  RETURN postkey_take_recipients(account, wanted, per_day, clock_timestamp());
END $$;

CREATE FUNCTION set_device_account_key() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
BEGIN
  -- Locked against a change of the name: whoever changes it comes before or after, never between.
  SELECT "nameKey" || ' ' || "emailKey" INTO NEW."accountKey" FROM "EmailAccount"
    WHERE id = NEW."emailAccountId" FOR SHARE;
  NEW."accountKey" := coalesce(NEW."accountKey", '');
  RETURN NEW;
END;
$$;

CREATE FUNCTION account_of_devices_renamed() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
BEGIN
  UPDATE "Device" SET "accountKey" = '' WHERE "emailAccountId" = NEW.id;
  RETURN NULL;
END;
$$;

-- The turn of a message with one recipient: of its device, and of its mailbox with all its devices. The gateway waits for
-- it; what a gateway leaves that dies is used by nobody. A limit that is NULL does not hold.
-- `refusal`: pace when the turn would come later than `hold`, or day.
CREATE FUNCTION postkey_take_message(
  device uuid, device_most int, device_span interval,
  account uuid, account_most int, account_span interval, per_day int, hold interval,
  OUT "waitMs" float8, OUT refusal text)
LANGUAGE plpgsql AS $$
DECLARE
  at timestamptz;
  turn timestamptz;
  of_device timestamptz[];
  of_account timestamptz[];
BEGIN
  -- What a crash of the database forgets is a fraction of a second: no message waits for the disk.
  PERFORM set_config('synchronous_commit', 'off', TRUE);
  IF device_most IS NOT NULL THEN
    SELECT "sentAt" INTO of_device FROM "Device" WHERE id = device FOR NO KEY UPDATE;
  END IF;
  IF account_most IS NOT NULL OR per_day IS NOT NULL THEN
    INSERT INTO "MailboxPace" VALUES (account) ON CONFLICT DO NOTHING;
    SELECT "sentAt" INTO of_account FROM "MailboxPace" WHERE "emailAccountId" = account FOR UPDATE;
  END IF;
  at := clock_timestamp();
  turn := at;
  IF device_most IS NOT NULL THEN
    of_device := postkey_turns(of_device, at, device_span, hold);
    turn := greatest(turn, postkey_next_turn(of_device, at, device_most, device_span));
  END IF;
  IF account_most IS NOT NULL THEN
    of_account := postkey_turns(of_account, at, account_span, hold);
    turn := greatest(turn, postkey_next_turn(of_account, at, account_most, account_span));
  END IF;
  "waitMs" := extract(epoch FROM turn - at) * 1000;
  IF turn > at + hold THEN
    refusal := 'pace';
    RETURN;
  END IF;
  IF per_day IS NOT NULL AND NOT postkey_take_recipients(account, 1, per_day, at) THEN
    refusal := 'day';
    RETURN;
  END IF;
  IF device_most IS NOT NULL THEN
    UPDATE "Device" SET "sentAt" = of_device || turn WHERE id = device;
  END IF;
  IF account_most IS NOT NULL THEN
    UPDATE "MailboxPace" SET "sentAt" = of_account || turn WHERE "emailAccountId" = account;
  END IF;
END $$;

-- A version 7 of RFC 9562, to the microsecond of the database's clock, which all gateways share: attempts stand in the
-- order in which they were written.
CREATE FUNCTION postkey_uuid7() RETURNS uuid LANGUAGE sql VOLATILE AS $$
  SELECT encode(int8send((us / 1000 << 16) | (7 << 12) | (us % 1000 * 4096 / 1000))
    || substring(uuid_send(gen_random_uuid()) FROM 9), 'hex')::uuid
  FROM (SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint) clock(us)
$$;

-- Saves attempts in their order, of the same within a minute the last; forgets those beyond the last `kept` of each device,
-- and of all that are of none; writes what became of a device into its row, and tells the open pages. "repairedByHand":
-- an administrator has to repair it, and it stands until a login of the account works.
-- `commit_order`: the lock under which events are numbered, as lib/kernel/commit-order.ts has it.
CREATE FUNCTION postkey_save_attempts(attempts jsonb, kept int, commit_order bigint) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  a record;
  account uuid;
  written text[] := '{}';
BEGIN
  -- In one order, so that two gateways do not wait for each other.
  PERFORM FROM "Device" d WHERE d."emailAccountId" IN (SELECT o."emailAccountId"
      FROM jsonb_to_recordset(attempts) AS t(device uuid) JOIN "Device" o ON o.id = t.device)
    ORDER BY d.id FOR NO KEY UPDATE;
  FOR a IN SELECT * FROM jsonb_to_recordset(attempts) AS t(device uuid, protocol text, address text, client text,
      "tlsVersion" text, outcome text, "remedyId" text, reply text, "repairedByHand" boolean) LOOP
    -- A device that looks for mail every few seconds is written once a minute.
    CONTINUE WHEN a.outcome = 'ok' AND EXISTS (SELECT FROM (SELECT * FROM "DeviceAttempt" o
        WHERE o."deviceId" = a.device AND o.protocol = a.protocol ORDER BY o.id DESC LIMIT 1) last
      WHERE last.outcome = 'ok' AND last.address = a.address AND last.at > now() - interval '1 minute');
    IF a.device IS NOT NULL THEN
      UPDATE "Device" d SET
        "lastUsedAt" = CASE WHEN a.outcome = 'ok' THEN now() ELSE d."lastUsedAt" END,
        "lastAddress" = CASE WHEN a.outcome = 'ok' THEN a.address ELSE d."lastAddress" END,
        "lastClient" = CASE WHEN a.outcome = 'ok' THEN a.client ELSE d."lastClient" END,
        "lastTlsVersion" = CASE WHEN a.outcome = 'ok' THEN a."tlsVersion" ELSE d."lastTlsVersion" END,
        "lastRefusedAt" = CASE WHEN a.outcome = 'ok' THEN d."lastRefusedAt" ELSE now() END,
        "failureId" = CASE WHEN a."repairedByHand" THEN a."remedyId" ELSE d."failureId" END,
        "failureProtocol" = CASE WHEN a."repairedByHand" THEN a.protocol ELSE d."failureProtocol" END,
        "failedAt" = CASE WHEN a."repairedByHand" THEN now() ELSE d."failedAt" END
        WHERE d.id = a.device RETURNING d."emailAccountId" INTO account;
      CONTINUE WHEN NOT FOUND;
    END IF;
    -- Where one device gets in, the account's server refuses no other one of the account.
    IF a.outcome = 'ok' THEN
      UPDATE "Device" d SET "failureId" = NULL, "failureProtocol" = NULL, "failedAt" = NULL
        WHERE d."emailAccountId" = account AND d."failureId" IS NOT NULL AND d."failureProtocol" = a.protocol;
    END IF;
    DELETE FROM "DeviceAttempt" o WHERE o."deviceId" IS NOT DISTINCT FROM a.device
      AND (o.protocol, o.address, o.outcome, o.reply) IS NOT DISTINCT FROM (a.protocol, a.address, a.outcome, a.reply)
      AND o.at > now() - interval '1 minute';
    INSERT INTO "DeviceAttempt" (id, "deviceId", protocol, address, client, "tlsVersion", outcome, "remedyId", reply)
      VALUES (postkey_uuid7(), a.device, a.protocol, a.address, a.client, a."tlsVersion", a.outcome, a."remedyId", a.reply);
    DELETE FROM "DeviceAttempt" o WHERE o."deviceId" IS NOT DISTINCT FROM a.device
      AND o.id <= (SELECT k.id FROM "DeviceAttempt" k WHERE k."deviceId" IS NOT DISTINCT FROM a.device
        ORDER BY k.id DESC OFFSET kept LIMIT 1);
    written := written || coalesce(a.device::text, '');
  END LOOP;
  PERFORM pg_advisory_xact_lock(commit_order);
  INSERT INTO "Event" (type, payload) SELECT DISTINCT 'device', jsonb_build_object('id', w) FROM unnest(written) w;
END $$;

CREATE FUNCTION stop_links_of_account() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE "AlertChannel" SET "sendsLinks" = FALSE, "linksStoppedAt" = now(), version = version + 1
  WHERE "sendsLinks" AND kind = 'email_account' AND target->>'emailAccountId' = OLD.id::text;
  RETURN NULL;
END $$;

CREATE FUNCTION mailboxes_with_links() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN
    IF OLD."sendsLinks" THEN
      UPDATE "MailboxWithLinks" SET until = now() + interval '80 hours' WHERE until IS NULL;
    END IF;
  END IF;
  IF TG_OP <> 'DELETE' THEN
    IF NEW."sendsLinks" THEN
      -- Locked against an edit of the account: it comes before and is seen, or after and stops the channel.
      PERFORM 1 FROM "EmailAccount" e WHERE NEW.kind = 'email_account'
        AND e.id = (NEW.target->>'emailAccountId')::uuid FOR SHARE;
      INSERT INTO "MailboxWithLinks" (key, until)
        SELECT DISTINCT name, NULL::timestamptz FROM (
          SELECT unnest(ARRAY[e."emailKey", e."usernameKey", lower(e.mailbox)]) AS name FROM "EmailAccount" e
            WHERE NEW.kind = 'email_account' AND e.id = (NEW.target->>'emailAccountId')::uuid
          UNION ALL
          SELECT lower(unnest(ARRAY[NEW.target->>'user', NEW.target->>'from'])) WHERE NEW.kind = 'smtp') names
        WHERE name <> ''
      ON CONFLICT (key) DO UPDATE SET until = NULL;
    END IF;
  END IF;
  RETURN NULL;
END;
$$;

-- What a provider says decides where its accounts send, as well as they do (stop_links_of_account). Not a password:
-- for the same name at the same server there is none that leads elsewhere.
CREATE FUNCTION stop_links_of_provider() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
BEGIN
  UPDATE "AlertChannel" SET "sendsLinks" = false, "linksStoppedAt" = now(), version = version + 1
    WHERE "sendsLinks" AND kind = 'email_account' AND EXISTS (SELECT 1 FROM "EmailAccount" e
      WHERE e.id = (target->>'emailAccountId')::uuid AND e."cloudProviderId" = NEW.id);
  RETURN NULL;
END;
$$;

-- A link for the owner of a mailbox whose last account is deleted signs nothing in that anybody wants. Links for names
-- that no account used are of their provider, and stay.
CREATE FUNCTION void_sign_in_links() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
BEGIN
  DELETE FROM "SignInLink" l WHERE l."cloudProviderId" = OLD."cloudProviderId" AND l."usernameKey" = OLD."usernameKey"
    AND l."signedInAt" IS NULL AND NOT EXISTS (SELECT 1 FROM "EmailAccount" e
      WHERE e."cloudProviderId" = OLD."cloudProviderId" AND e."usernameKey" = OLD."usernameKey");
  RETURN NULL;
END;
$$;

-- The same once the last account is switched off: nobody has a use for that sign-in now. A link that is created for an
-- account that is inactive already is wanted, and works.
CREATE FUNCTION void_unused_sign_in_links() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
BEGIN
  DELETE FROM "SignInLink" l WHERE l."cloudProviderId" = NEW."cloudProviderId" AND l."usernameKey" = NEW."usernameKey"
    AND l."signedInAt" IS NULL AND NOT EXISTS (SELECT 1 FROM "EmailAccount" e
      WHERE e."cloudProviderId" = NEW."cloudProviderId" AND e."usernameKey" = NEW."usernameKey" AND e.active);
  RETURN NULL;
END;
$$;

-- Gmail reads the dots of a name as nothing, and has two names for its domain (support.google.com/mail/answer/7436150).
CREATE FUNCTION mailbox_of(address text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN address ~ '@(gmail|googlemail)\.com$'
  THEN replace(regexp_replace(split_part(address, '@', 1), '\+.*', ''), '.', '') || '@gmail.com'
  ELSE regexp_replace(address, '\+[^@]*@', '@') END;

-- The one rule. What the row of a list shows is lib/registrations/queries.ts; a token that expired since is told
-- there, when the row is read.
CREATE FUNCTION cloud_provider_summaries(providers uuid[]) RETURNS SETOF "CloudProviderSummary"
LANGUAGE sql STABLE AS $$
  SELECT p.id, CASE
      WHEN s.locked THEN 'locked'
      WHEN p."failureId" IS NOT NULL OR p."redirectFailureId" IS NOT NULL OR s.registration THEN 'fix_registration'
      WHEN s.again THEN 'sign_in_again'
      WHEN s.retrying THEN 'retrying'
      WHEN s.count > 0 THEN 'connected'
      ELSE 'not_signed_in' END,
    (SELECT count(*)::int FROM "EmailAccount" e WHERE e."cloudProviderId" = p.id),
    s.count,
    coalesce((SELECT c."expiresAt" FROM "ClientCredential" c
      WHERE c."cloudProviderId" = p.id AND c."supersededAt" IS NULL ORDER BY c.version DESC LIMIT 1),
      '9999-12-31 00:00:00+00'::timestamptz),
    concat_ws(' ', p."nameKey", p."clientId", p.cloud, s.usernames),
    p."nameKey",
    array_remove(s.refusals || p."failureId", NULL)
  FROM unnest(providers) AS given(id) JOIN "CloudProvider" p ON p.id = given.id
  CROSS JOIN LATERAL (
    SELECT count(*)::int AS count, coalesce(bool_or(t.state = 'locked'), false) AS locked,
      coalesce(bool_or(t.state = 'fix_registration'), false) AS registration,
      coalesce(bool_or(t.state = 'sign_in_again'), false) AS again,
      coalesce(bool_or(t.state = 'retrying'), false) AS retrying,
      array_agg(DISTINCT t.failure) FILTER (WHERE t.state IN ('sign_in_again', 'fix_registration')) AS refusals,
      array_to_string((array_agg(t.username ORDER BY t."signedInAt" DESC))[1:3], ' ') AS usernames
    FROM (
      SELECT s.username, s."signedInAt", s.token[1] AS state, s.token[2] AS failure
      FROM (
        -- Not a join: while statistics say that the tables are empty, it would read one of them for each row.
        SELECT a.username, a."signedInAt",
          (SELECT ARRAY[t.state, t."failureId"] FROM "TokenSet" t WHERE t."authorizationId" = a.id) AS token
        FROM "Authorization" a WHERE a."cloudProviderId" = p.id
        OFFSET 0
      ) s
    ) t
    WHERE t.state IS NOT NULL
  ) s
$$;

-- As the last thing a transaction does, all of its providers at once, and one transaction after the other: whoever
-- writes summaries waits for nothing else, so no two wait for each other.
CREATE FUNCTION write_touched_summaries() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
  touched uuid[];
BEGIN
  -- Called for each of them; the first call does it for all.
  IF current_setting('postkey.touched', true) IS DISTINCT FROM 'yes' THEN
    RETURN NULL;
  END IF;
  PERFORM set_config('postkey.touched', 'no', true);
  WITH taken AS (
    DELETE FROM "CloudProviderTouch" WHERE "transaction" = txid_current() RETURNING "cloudProviderId"
  ) SELECT array_agg("cloudProviderId") INTO touched FROM taken;
  IF touched IS NULL THEN
    RETURN NULL;
  END IF;
  PERFORM pg_advisory_xact_lock(hashtext('CloudProviderSummary'));
  DELETE FROM "CloudProviderSummary" s WHERE s."cloudProviderId" = ANY (touched)
    AND NOT EXISTS (SELECT 1 FROM "CloudProvider" p WHERE p.id = s."cloudProviderId");
  INSERT INTO "CloudProviderSummary" SELECT * FROM cloud_provider_summaries(touched)
  ON CONFLICT ("cloudProviderId") DO UPDATE SET state = EXCLUDED.state, accounts = EXCLUDED.accounts,
    "signIns" = EXCLUDED."signIns", "secretExpiresAt" = EXCLUDED."secretExpiresAt", searched = EXCLUDED.searched,
    "nameKey" = EXCLUDED."nameKey", "failureIds" = EXCLUDED."failureIds";
  RETURN NULL;
END;
$$;

-- Incidents are searched by what they are about and by the accounts that they name. array_to_string is only stable,
-- because of what elements of other kinds may look like.
CREATE FUNCTION incident_searched(subject text, names text[])
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT lower(subject || ' ' || array_to_string(names, ' '))
$$;

-- The state of an account. A sign-in that is retried recovers by itself, a failed test needs a person: the account
-- shows the worse of the two.
CREATE FUNCTION email_account_state(active boolean, modern boolean, provider uuid, signed_in text, verdicts text[])
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN s.state IN ('connected', 'retrying', 'password') AND 'failed' = ANY (verdicts) THEN 'test_failed'
    ELSE s.state END
  FROM (SELECT CASE
    WHEN NOT active THEN 'inactive'
    WHEN NOT modern THEN 'password'
    WHEN provider IS NULL THEN 'no_provider'
    WHEN signed_in IN ('connected', 'retrying', 'sign_in_again', 'fix_registration', 'locked') THEN signed_in
    ELSE 'not_signed_in' END AS state) s
$$;

-- Sets the state of an account whenever something that it depends on is written. An account that is signed in again
-- while its last test failed is due for its next test at once.
CREATE FUNCTION set_email_account_state() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
  signed_in_name text;
  authorization_id uuid;
  token_set_state text;
BEGIN
  IF NEW.active AND NEW."modernAuthentication" AND NEW."cloudProviderId" IS NOT NULL THEN
    -- One row by one index each, whatever the statistics say: a join could read a table for each account.
    SELECT CASE WHEN "grant" = 'app_only' THEN '' ELSE NEW."usernameKey" END INTO signed_in_name
      FROM "CloudProvider" WHERE id = NEW."cloudProviderId";
    SELECT id INTO authorization_id FROM "Authorization"
      WHERE "cloudProviderId" = NEW."cloudProviderId" AND username = signed_in_name;
    SELECT state INTO token_set_state FROM "TokenSet" WHERE "authorizationId" = authorization_id;
  END IF;
  NEW.state := email_account_state(NEW.active, NEW."modernAuthentication", NEW."cloudProviderId", token_set_state,
    ARRAY[NEW."imapVerdict", NEW."smtpVerdict", NEW."pop3Verdict"]);
  IF TG_OP = 'UPDATE' AND NEW.state = 'test_failed' AND NEW."testSchedule" <> 'off' AND NEW."lastTestedAt" = OLD."lastTestedAt"
    AND (OLD.state IN ('locked', 'fix_registration', 'sign_in_again', 'not_signed_in')
      OR (token_set_state = 'connected' AND NEW IS NOT DISTINCT FROM OLD)) THEN
    NEW."nextTestAt" := now();
  END IF;
  RETURN NEW;
END;
$$;

-- Which mailbox an account opens, and who serves it: of equal ones two accounts open the same. A number, because an
-- index has no room for long names. Where several people open a mailbox, its name is the address (as
-- lib/sign-ins/identities.ts says; a test compares).
CREATE FUNCTION postkey_mailbox(
  service text, modern boolean, username text, email text, mailbox text, hosts jsonb)
RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN hashtextextended(
  CASE service WHEN 'custom' THEN coalesce(lower(hosts->'smtp'->>'host'), '') ELSE service END || ' ' ||
  CASE WHEN NOT modern THEN username
    ELSE lower(coalesce(mailbox, CASE WHEN service = 'outlook365' THEN email ELSE username END)) END, 0);

-- What a key read within an hour is one line of the trail, whatever operations it read with: a program that shows
-- accounts and contacts is one fact, and not a line for each kind of thing. A token that is handed out is no
-- reading, and refusals are told by operation (audit_fold). Null for both.
CREATE FUNCTION audit_reads(action text, actor text, at timestamptz, detail jsonb) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN action = 'api_key.use' AND detail ->> 'status' < '400'
    AND detail ->> 'operation' ~ '^(get|list|export)' AND detail ->> 'operation' <> 'getAccessToken'
    THEN 'read ' || actor || ' ' || floor(extract(epoch FROM at AT TIME ZONE 'UTC') / 3600)::text END
$$;

-- 'working' is what a test found, 'active' an account that is on and was not tested since the last edit: that nothing
-- fails is no proof that it works.
CREATE FUNCTION account_history_state(active boolean, failure text, tested timestamptz) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN active AND failure IS NULL AND tested IS NOT NULL THEN 'working' ELSE account_state(active, failure) END
$$;

-- An account that is switched on was not tested just then, and stands as it did.
CREATE FUNCTION record_account_state() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  before text := account_history_state(OLD.active, OLD."testFailureId", OLD."lastTestedAt");
  after text := account_history_state(NEW.active, NEW."testFailureId", NEW."lastTestedAt");
BEGIN
  INSERT INTO "StateChange" ("objectKind", "objectId", "cloudProviderId", subject, "fromState", "toState", "failureId")
  VALUES ('email_account', NEW.id, NEW."cloudProviderId", NEW.name, before,
    CASE WHEN before = 'inactive' AND after = 'working' THEN 'active' ELSE after END, NEW."testFailureId");
  RETURN NULL;
END;
$$;

-- What a transaction wrote that needs more than its permission. The audit trail reads it last in the transaction of
-- a person or a program, and refuses (lib/audit/wrote.ts): so no operation can forget to ask.
CREATE FUNCTION postkey_wrote(what text, name text) RETURNS void LANGUAGE sql AS $$
  SELECT set_config('postkey.wrote', (coalesce(nullif(current_setting('postkey.wrote', true), ''), '{}')::jsonb
    || jsonb_build_object(what, name))::text, true)
$$;

-- Gives access to a mailbox, or destroys a credential or a sign-in.
CREATE FUNCTION postkey_needs_proof() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM postkey_wrote('proof', TG_TABLE_NAME);
  RETURN NULL;
END;
$$;

-- Who signs in, and what is opened then. A password opens its own login; without a mailbox that is named, a token may
-- open the address.
CREATE FUNCTION postkey_opens(e "EmailAccount") RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT ARRAY[e."usernameKey", CASE WHEN e."modernAuthentication" THEN lower(coalesce(e.mailbox, e."emailKey"))
    ELSE e."usernameKey" END]
$$;

CREATE FUNCTION opens_another(o "EmailAccount", n "EmailAccount") RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
  SELECT postkey_opens(o) <> postkey_opens(n) OR coalesce(o."cloudProviderId" <> n."cloudProviderId", false)
$$;

-- Keys for some accounts, and devices, whose reach grows by it. A new account has no device yet.
CREATE FUNCTION postkey_reach() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  is_another boolean := true;
  before text := NULL;
  holder text;
BEGIN
  IF TG_OP = 'UPDATE' THEN
    is_another := opens_another(OLD, NEW);
    before := OLD."keyKey";
    IF is_another THEN
      PERFORM postkey_wrote('proof', TG_TABLE_NAME);
      SELECT name INTO holder FROM "Device" WHERE "emailAccountId" = NEW.id AND "revokedAt" IS NULL LIMIT 1;
      IF FOUND THEN PERFORM postkey_wrote('device', holder); END IF;
    END IF;
  -- A new account that someone else's sign-in, or the application's, opens at once.
  ELSIF NEW."modernAuthentication" AND EXISTS (SELECT FROM "Authorization" a JOIN "CloudProvider" p ON p.id = a."cloudProviderId"
      WHERE p.id = NEW."cloudProviderId" AND a.username = CASE p."grant" WHEN 'app_only' THEN '' ELSE NEW."usernameKey" END) THEN
    PERFORM postkey_wrote('proof', TG_TABLE_NAME);
  END IF;
  SELECT name INTO holder FROM "ApiKey" k WHERE k."revokedAt" IS NULL AND (k."expiresAt" IS NULL OR k."expiresAt" > now())
    AND (NEW.id = ANY (k."accountIds") AND is_another OR k."accountKeyPrefix" IS NOT NULL
      AND starts_with(NEW."keyKey", k."accountKeyPrefix")
      AND (is_another OR NOT starts_with(before, k."accountKeyPrefix"))) LIMIT 1;
  IF FOUND THEN
    PERFORM postkey_wrote('proof', TG_TABLE_NAME);
    PERFORM postkey_wrote('key', holder);
    PERFORM postkey_wrote('account', NEW.name);
  END IF;
  RETURN NULL;
END;
$$;

-- How a provider's mailboxes sign in decides which of an account's names is opened.
CREATE FUNCTION postkey_reach_of_provider() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  account record;
  holder text;
BEGIN
  SELECT e.name, k.name AS key INTO account FROM "EmailAccount" e JOIN "ApiKey" k ON k."revokedAt" IS NULL
      AND (k."expiresAt" IS NULL OR k."expiresAt" > now())
      AND (e.id = ANY (k."accountIds") OR k."accountKeyPrefix" IS NOT NULL AND starts_with(e."keyKey", k."accountKeyPrefix"))
    WHERE e."cloudProviderId" = NEW.id LIMIT 1;
  IF FOUND THEN
    PERFORM postkey_wrote('proof', TG_TABLE_NAME);
    PERFORM postkey_wrote('key', account.key);
    PERFORM postkey_wrote('account', account.name);
  END IF;
  SELECT d.name INTO holder FROM "Device" d JOIN "EmailAccount" e ON e.id = d."emailAccountId"
    WHERE e."cloudProviderId" = NEW.id AND d."revokedAt" IS NULL LIMIT 1;
  IF FOUND THEN PERFORM postkey_wrote('device', holder); END IF;
  RETURN NULL;
END;
$$;

-- As a hash: an address that is erased stays in no row, and is held all the same. A login name without a domain may be
-- that name at any of them.
CREATE FUNCTION name_hash(name text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT encode(sha256(convert_to(CASE WHEN name LIKE '%@%' THEN mailbox_of(name)
    ELSE regexp_replace(name, '^.*\\', '') END, 'UTF8')), 'hex')
$$;

CREATE FUNCTION is_mailbox_of(address text, hashes text[]) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT ARRAY[name_hash(address), name_hash(split_part(mailbox_of(address), '@', 1))] && hashes
$$;

CREATE FUNCTION mailbox_opened_by(e "EmailAccount") RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT postkey_mailbox(e.service, e."modernAuthentication", e."usernameKey", e."emailKey", e.mailbox, e.hosts)
$$;

CREATE FUNCTION names_of(e "EmailAccount") RETURNS text[] LANGUAGE sql STABLE AS $$
  SELECT ARRAY[name_hash(e."emailKey"), name_hash(e."usernameKey"), name_hash(lower(e.mailbox))]
    || ARRAY(SELECT name_hash(o."emailKey") FROM "EmailAccount" o
      WHERE postkey_mailbox(o.service, o."modernAuthentication", o."usernameKey", o."emailKey", o.mailbox, o.hosts)
        = mailbox_opened_by(e))
    || ARRAY(SELECT name FROM "MailboxName" WHERE subject IN ('mailbox ' || mailbox_opened_by(e), 'account ' || e.id))
$$;

CREATE FUNCTION record_former_names() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO "MailboxName" SELECT * FROM (VALUES
      ('mailbox ' || mailbox_opened_by(OLD), name_hash(OLD."emailKey")),
      ('account ' || OLD.id, name_hash(OLD."emailKey")), ('account ' || OLD.id, name_hash(OLD."usernameKey")),
      ('account ' || OLD.id, name_hash(lower(OLD.mailbox)))) AS former (subject, name) WHERE name IS NOT NULL
  ON CONFLICT DO NOTHING;
  IF TG_OP = 'DELETE' THEN DELETE FROM "MailboxName" WHERE subject = 'account ' || OLD.id; END IF;
  RETURN NULL;
END;
$$;

-- By every name that opens the mailbox of an account: another account may open the same one.
CREATE FUNCTION holds_links(e "EmailAccount") RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT FROM "MailboxWithLinks" m
    WHERE (m.until IS NULL OR postkey_holds(m.until, interval '80 hours')) AND is_mailbox_of(m.key, names_of(e)))
$$;

-- Indexes that Prisma cannot declare

CREATE INDEX "Contact_search_idx" ON "Contact" USING gin (("emailKey" || ' ' || lower("name")) gin_trgm_ops);
ALTER INDEX "Contact_search_idx" ALTER COLUMN 1 SET STATISTICS 1000;

-- The credential in use, of which a provider has at most one.
CREATE UNIQUE INDEX "ClientCredential_current_key" ON "ClientCredential" ("cloudProviderId") WHERE "supersededAt" IS NULL;

-- One open incident per cause.
CREATE UNIQUE INDEX "Incident_open_key" ON "Incident" ("cause") WHERE "resolvedAt" IS NULL;

-- What fails is rare beside what works: the keeper looks at it every few seconds.
CREATE INDEX "TokenSet_failing_idx" ON "TokenSet" (state) WHERE state <> 'connected';
CREATE INDEX "EmailAccount_test_failing_idx" ON "EmailAccount" ("testFailureId") WHERE "testFailureId" IS NOT NULL;

-- What waits for a person is not due, however long ago it was: the keeper's query passes it by.
CREATE INDEX "TokenSet_due_idx" ON "TokenSet" ("refreshDueAt") WHERE state IN ('connected', 'retrying');
CREATE INDEX "AuditEvent_search_idx" ON "AuditEvent" USING gin (lower("actorName" || ' ' || "objectName") gin_trgm_ops);

-- Parts of the accounts that are asked for again and again: those whose inbox is followed, every second,
-- and those that still use a password.
CREATE INDEX "EmailAccount_captured_idx" ON "EmailAccount" (id) WHERE active AND "contactListId" IS NOT NULL;
CREATE INDEX "EmailAccount_password_idx" ON "EmailAccount" ("nameKey", id) WHERE NOT "modernAuthentication";

-- Contacts are sorted by what is not a column of its own, in one list and in all of them.
CREATE INDEX "Contact_name_idx" ON "Contact" (lower("name"), "id");
CREATE INDEX "Contact_list_name_idx" ON "Contact" ("contactListId", lower("name"), "id");
CREATE INDEX "Contact_firstSeen_idx" ON "Contact" (coalesce("firstSeenAt", "createdAt"), "id");
CREATE INDEX "Contact_list_firstSeen_idx" ON "Contact" ("contactListId", coalesce("firstSeenAt", "createdAt"), "id");
CREATE INDEX "Contact_lastSeen_idx" ON "Contact" (coalesce("lastSeenAt", '1970-01-01 00:00:00+00'::timestamptz), "id");
CREATE INDEX "Contact_list_lastSeen_idx" ON "Contact" ("contactListId", coalesce("lastSeenAt", '1970-01-01 00:00:00+00'::timestamptz), "id");
CREATE INDEX "EmailAccount_state_rank_idx" ON "EmailAccount" (account_state_rank(state), id);
CREATE INDEX "EmailAccount_tested_idx" ON "EmailAccount" (coalesce("lastTestedAt", 'epoch'::timestamptz), id);

-- Looked at twice a second by every keeper; few runs are open, and many are kept.
CREATE INDEX "TestRun_open_idx" ON "TestRun" ("scheduled", "createdAt") WHERE "finishedAt" IS NULL;

-- What stops when a secret ends is counted for each provider: from the index alone.
CREATE INDEX "EmailAccount_active_provider_idx" ON "EmailAccount" ("cloudProviderId") WHERE active;
CREATE INDEX "CloudProviderSummary_rank_idx" ON "CloudProviderSummary" (provider_state_rank(state), "cloudProviderId");
CREATE INDEX "EmailAccount_delegate_idx" ON "EmailAccount" ("usernameKey", "nameKey", id)
  WHERE "modernAuthentication" AND "usernameKey" <> "emailKey";
CREATE INDEX "EmailAccount_password_service_idx" ON "EmailAccount" (service, "nameKey", id)
  WHERE NOT "modernAuthentication";

-- Lists are searched by substring of any of these.
CREATE INDEX "EmailAccount_search_idx" ON "EmailAccount" USING gin
  (("nameKey" || ' ' || "keyKey" || ' ' || "emailKey" || ' ' || "usernameKey" || ' ' || "providerKey") gin_trgm_ops);
ALTER INDEX "EmailAccount_search_idx" ALTER COLUMN 1 SET STATISTICS 1000;

CREATE INDEX "Contact_entered_idx" ON "Contact" ("emailKey", id) WHERE "firstSeenAt" IS NULL;
CREATE INDEX "Contact_unnamed_idx" ON "Contact" ("emailKey", id) WHERE name = '';

-- The runs that people began.
CREATE INDEX "TestRun_listed_idx" ON "TestRun" ("createdAt", id) WHERE NOT scheduled;
CREATE INDEX "AuditEvent_fold_idx" ON "AuditEvent" (audit_fold(action, "actorId", at, detail), id)
  WHERE audit_fold(action, "actorId", at, detail) IS NOT NULL;
CREATE INDEX "Incident_rank_idx" ON "Incident" (incident_rank("openedAt", "quietSince", "resolvedAt", accounts), id);

-- The list of devices.
CREATE INDEX "Device_account_key_idx" ON "Device" ("accountKey", id) WHERE "revokedAt" IS NULL;
CREATE INDEX "Device_name_idx" ON "Device" ("nameKey", id) WHERE "revokedAt" IS NULL;
CREATE INDEX "Device_used_idx" ON "Device" (coalesce("lastUsedAt", 'epoch'::timestamptz), id)
  WHERE "revokedAt" IS NULL;
CREATE INDEX "Device_expires_idx" ON "Device" (coalesce("expiresAt", '9999-12-31 00:00:00+00'::timestamptz), id)
  WHERE "revokedAt" IS NULL;
CREATE INDEX "Device_refused_idx" ON "Device" ("lastRefusedAt") WHERE "revokedAt" IS NULL AND "lastRefusedAt" IS NOT NULL;
CREATE INDEX "Device_failing_idx" ON "Device" ("emailAccountId") WHERE "failureId" IS NOT NULL;
CREATE INDEX "SignInLink_search_idx" ON "SignInLink" USING gin (lower("usernameKey") gin_trgm_ops);

-- Accounts are found by the cause for which their sign-in fails.
CREATE INDEX "TokenSet_failureId_idx" ON "TokenSet" ("failureId") WHERE "failureId" IS NOT NULL;

CREATE UNIQUE INDEX "AlertChannel_sendsLinks_key" ON "AlertChannel" ("sendsLinks") WHERE "sendsLinks";
CREATE INDEX "Letter_waiting_idx" ON "Letter" ("dueAt", id) WHERE state = 'waiting';
CREATE INDEX "Device_search_idx" ON "Device" USING gin
  (("nameKey" || ' ' || prefix || ' ' || "accountKey") gin_trgm_ops);

-- Those that are revoked have a view of their own; the other orders leave them out.
CREATE INDEX "Device_revoked_idx" ON "Device" ("createdAt", id) WHERE "revokedAt" IS NOT NULL;
CREATE INDEX "Device_paused_idx" ON "Device" ("createdAt", id) WHERE "revokedAt" IS NULL AND paused;
CREATE INDEX "Device_ends_idx" ON "Device" ("expiresAt") WHERE "revokedAt" IS NULL AND "expiresAt" IS NOT NULL;
CREATE INDEX "EmailAccount_imap_failed_idx" ON "EmailAccount" ("nameKey", id)
  WHERE "imapVerdict" = 'failed' AND active;
CREATE INDEX "EmailAccount_smtp_failed_idx" ON "EmailAccount" ("nameKey", id)
  WHERE "smtpVerdict" = 'failed' AND active;
CREATE INDEX "EmailAccount_pop3_failed_idx" ON "EmailAccount" ("nameKey", id)
  WHERE "pop3Verdict" = 'failed' AND active;
CREATE INDEX "EmailAccount_passed_idx" ON "EmailAccount" ("lastTestedAt") WHERE active AND "testFailureId" IS NULL;
CREATE INDEX "Incident_unresolved_idx" ON "Incident" (accounts DESC, "openedAt", id)
  INCLUDE ("quietSince", "announcedAt") WHERE "resolvedAt" IS NULL;
CREATE INDEX "CloudProviderSummary_unused_idx" ON "CloudProviderSummary" ("nameKey", "cloudProviderId")
  INCLUDE (state, accounts, "signIns", "secretExpiresAt") WHERE accounts = 0;
CREATE INDEX "EmailAccount_importId_nameKey_id_idx" ON "EmailAccount" ("importId", "nameKey", id)
  WHERE "importId" IS NOT NULL;

CREATE INDEX "Incident_search_idx" ON "Incident" USING gin (incident_searched(subject, "accountNames") gin_trgm_ops);

-- Titles are texts of the error catalogue: a search for one finds its incidents by this.
CREATE INDEX "Incident_remedy_idx" ON "Incident" ("remedyId", (kind = 'rotation'), id);

CREATE INDEX "EmailAccount_mailbox_idx" ON "EmailAccount"
  (postkey_mailbox(service, "modernAuthentication", "usernameKey", "emailKey", mailbox, hosts), "createdAt", id);
CREATE INDEX "AuditEvent_reads_idx" ON "AuditEvent" (audit_reads(action, "actorId", at, detail), id)
  WHERE audit_reads(action, "actorId", at, detail) IS NOT NULL;

-- Custom accounts at one server, as the list of accounts is narrowed to them.
CREATE INDEX "EmailAccount_custom_host_idx" ON "EmailAccount" ((hosts->'imap'->>'host'), "nameKey", id)
  WHERE service = 'custom' AND "cloudProviderId" IS NULL;

-- Triggers

CREATE TRIGGER "Event_notify" AFTER INSERT ON "Event" FOR EACH ROW EXECUTE FUNCTION notify_event();
CREATE TRIGGER "AuditEvent_append_only" BEFORE UPDATE OR DELETE ON "AuditEvent" FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- TRUNCATE passes row triggers by.
CREATE TRIGGER "AuditEvent_no_truncate" BEFORE TRUNCATE ON "AuditEvent" FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER "TokenSet_state_new" AFTER INSERT ON "TokenSet" FOR EACH ROW EXECUTE FUNCTION record_token_state();
CREATE TRIGGER "TokenSet_state" AFTER UPDATE OF state ON "TokenSet" FOR EACH ROW
  WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION record_token_state();
CREATE TRIGGER "CloudProvider_state" AFTER UPDATE OF "failureId" ON "CloudProvider" FOR EACH ROW
  WHEN ((OLD."failureId" IS NULL) <> (NEW."failureId" IS NULL)) EXECUTE FUNCTION record_provider_state();
CREATE TRIGGER "AuditArchive_append_only" BEFORE UPDATE OR DELETE ON "AuditArchive" FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER "AuditArchive_no_truncate" BEFORE TRUNCATE ON "AuditArchive" FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER "EmailAccount_state_new" BEFORE INSERT ON "EmailAccount"
  FOR EACH ROW EXECUTE FUNCTION set_email_account_state();
CREATE TRIGGER "EmailAccount_state_set" BEFORE UPDATE OF state, active, "modernAuthentication", "cloudProviderId",
  "usernameKey", "imapVerdict", "smtpVerdict", "pop3Verdict" ON "EmailAccount"
  FOR EACH ROW EXECUTE FUNCTION set_email_account_state();
CREATE TRIGGER "TokenSet_accounts_new" AFTER INSERT OR DELETE ON "TokenSet"
  FOR EACH ROW EXECUTE FUNCTION token_set_state_changed();
CREATE TRIGGER "TokenSet_accounts_set" AFTER UPDATE OF state ON "TokenSet" FOR EACH ROW
  WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION token_set_state_changed();
CREATE TRIGGER "Authorization_accounts_gone" AFTER DELETE ON "Authorization"
  FOR EACH ROW EXECUTE FUNCTION authorization_changed();
CREATE TRIGGER "Authorization_accounts_set" AFTER UPDATE OF username, "cloudProviderId" ON "Authorization"
  FOR EACH ROW EXECUTE FUNCTION authorization_changed();
CREATE TRIGGER "CloudProvider_accounts_set" AFTER UPDATE OF "grant" ON "CloudProvider" FOR EACH ROW
  WHEN (OLD."grant" IS DISTINCT FROM NEW."grant") EXECUTE FUNCTION provider_grant_changed();
CREATE CONSTRAINT TRIGGER "CloudProviderTouch_written" AFTER INSERT ON "CloudProviderTouch"
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION write_touched_summaries();
CREATE TRIGGER "CloudProvider_summary" AFTER INSERT OR DELETE ON "CloudProvider"
  FOR EACH ROW EXECUTE FUNCTION provider_touched();
CREATE TRIGGER "EmailAccount_summary" AFTER INSERT OR DELETE ON "EmailAccount"
  FOR EACH ROW EXECUTE FUNCTION part_of_provider_touched();
CREATE TRIGGER "EmailAccount_summary_set" AFTER UPDATE OF "cloudProviderId" ON "EmailAccount" FOR EACH ROW
  WHEN (OLD."cloudProviderId" IS DISTINCT FROM NEW."cloudProviderId") EXECUTE FUNCTION part_of_provider_touched();
CREATE TRIGGER "Authorization_summary" AFTER INSERT OR DELETE OR UPDATE OF username, "cloudProviderId", "signedInAt"
  ON "Authorization" FOR EACH ROW EXECUTE FUNCTION part_of_provider_touched();
CREATE TRIGGER "ClientCredential_summary" AFTER INSERT OR DELETE OR UPDATE OF "expiresAt", "supersededAt"
  ON "ClientCredential" FOR EACH ROW EXECUTE FUNCTION part_of_provider_touched();
CREATE TRIGGER "TokenSet_summary" AFTER INSERT OR DELETE ON "TokenSet"
  FOR EACH ROW EXECUTE FUNCTION token_set_touched();
CREATE TRIGGER "EmailAccount_provider_key" BEFORE INSERT OR UPDATE OF "cloudProviderId", "providerKey"
  ON "EmailAccount" FOR EACH ROW EXECUTE FUNCTION set_account_provider_key();
CREATE TRIGGER "CloudProvider_renamed" AFTER UPDATE OF "nameKey" ON "CloudProvider" FOR EACH ROW
  WHEN (OLD."nameKey" IS DISTINCT FROM NEW."nameKey") EXECUTE FUNCTION provider_renamed();
CREATE TRIGGER "CloudProvider_summary_set"
  AFTER UPDATE OF "nameKey", "clientId", cloud, "failureId", "redirectFailureId"
  ON "CloudProvider" FOR EACH ROW EXECUTE FUNCTION provider_touched();
CREATE TRIGGER "Device_account_key" BEFORE INSERT OR UPDATE OF "emailAccountId", "accountKey"
  ON "Device" FOR EACH ROW EXECUTE FUNCTION set_device_account_key();
CREATE TRIGGER "EmailAccount_renamed" AFTER UPDATE OF "nameKey", "emailKey" ON "EmailAccount" FOR EACH ROW
  WHEN (OLD."nameKey" IS DISTINCT FROM NEW."nameKey" OR OLD."emailKey" IS DISTINCT FROM NEW."emailKey")
  EXECUTE FUNCTION account_of_devices_renamed();
CREATE TRIGGER stop_links_after_change AFTER UPDATE ON "EmailAccount" FOR EACH ROW
  WHEN ((OLD.service, OLD.hosts, OLD."modernAuthentication", OLD."usernameKey", OLD."emailKey", OLD.mailbox,
      OLD."cloudProviderId")
    IS DISTINCT FROM (NEW.service, NEW.hosts, NEW."modernAuthentication", NEW."usernameKey", NEW."emailKey",
      NEW.mailbox, NEW."cloudProviderId"))
  EXECUTE FUNCTION stop_links_of_account();
CREATE TRIGGER stop_links_after_deletion AFTER DELETE ON "EmailAccount" FOR EACH ROW
  EXECUTE FUNCTION stop_links_of_account();
CREATE TRIGGER "AlertChannel_mailboxes" AFTER INSERT OR DELETE OR UPDATE OF kind, target, "sendsLinks"
  ON "AlertChannel" FOR EACH ROW EXECUTE FUNCTION mailboxes_with_links();
CREATE TRIGGER "CloudProvider_stops_links" AFTER UPDATE OF service, cloud, hosts, "clientId", "tenantId"
  ON "CloudProvider" FOR EACH ROW
  WHEN ((OLD.service, OLD.cloud, OLD.hosts, OLD."clientId", OLD."tenantId")
    IS DISTINCT FROM (NEW.service, NEW.cloud, NEW.hosts, NEW."clientId", NEW."tenantId"))
  EXECUTE FUNCTION stop_links_of_provider();
CREATE TRIGGER "EmailAccount_voids_links" AFTER DELETE ON "EmailAccount" FOR EACH ROW
  WHEN (OLD."cloudProviderId" IS NOT NULL) EXECUTE FUNCTION void_sign_in_links();
CREATE TRIGGER "EmailAccount_voids_unused_links" AFTER UPDATE OF active ON "EmailAccount" FOR EACH ROW
  WHEN (OLD.active AND NOT NEW.active AND NEW."cloudProviderId" IS NOT NULL)
  EXECUTE FUNCTION void_unused_sign_in_links();

-- The same once the last account that needs the sign-in gets another user name or another provider.
CREATE TRIGGER "EmailAccount_moved_voids_links" AFTER UPDATE ON "EmailAccount" FOR EACH ROW
  WHEN (OLD."cloudProviderId" IS NOT NULL AND (OLD."cloudProviderId" IS DISTINCT FROM NEW."cloudProviderId"
    OR OLD."usernameKey" IS DISTINCT FROM NEW."usernameKey"))
  EXECUTE FUNCTION void_sign_in_links();
CREATE TRIGGER "TokenSet_summary_set" AFTER UPDATE OF state, "failureId" ON "TokenSet" FOR EACH ROW
  WHEN (OLD.state IS DISTINCT FROM NEW.state OR NEW.state IN ('sign_in_again', 'fix_registration')
    AND OLD."failureId" IS DISTINCT FROM NEW."failureId")
  EXECUTE FUNCTION token_set_touched();

-- What an edit does to the last test is no news of the account: the next test is.
CREATE TRIGGER "EmailAccount_state" AFTER UPDATE OF active, "testFailureId", "lastTestedAt" ON "EmailAccount" FOR EACH ROW
  WHEN (account_history_state(OLD.active, OLD."testFailureId", OLD."lastTestedAt")
      <> account_history_state(NEW.active, NEW."testFailureId", NEW."lastTestedAt")
    AND (NOT OLD.active OR account_history_state(NEW.active, NEW."testFailureId", NEW."lastTestedAt") <> 'active'))
  EXECUTE FUNCTION record_account_state();
CREATE TRIGGER "ApiKey_needs_proof" AFTER INSERT OR UPDATE OF permissions, "accountIds", "accountKeyPrefix", addresses
  ON "ApiKey" FOR EACH ROW EXECUTE FUNCTION postkey_needs_proof();
CREATE TRIGGER "Device_needs_proof" AFTER INSERT ON "Device" FOR EACH ROW EXECUTE FUNCTION postkey_needs_proof();
CREATE TRIGGER "Device_edit_needs_proof"
  AFTER UPDATE OF "emailAccountId", "passwordHash", protocols, senders, networks, "expiresAt", paused ON "Device" FOR EACH ROW
  WHEN ((OLD."emailAccountId", OLD."passwordHash", OLD.protocols, OLD.senders, OLD.networks, OLD."expiresAt", OLD.paused AND NOT NEW.paused)
    IS DISTINCT FROM (NEW."emailAccountId", NEW."passwordHash", NEW.protocols, NEW.senders, NEW.networks, NEW."expiresAt", false))
  EXECUTE FUNCTION postkey_needs_proof();
CREATE TRIGGER "CloudProvider_needs_proof" AFTER DELETE ON "CloudProvider"
  FOR EACH ROW EXECUTE FUNCTION postkey_needs_proof();
CREATE TRIGGER "ClientCredential_needs_proof" AFTER UPDATE OF "supersededAt" ON "ClientCredential" FOR EACH ROW
  WHEN (OLD."supersededAt" IS NULL AND NEW."supersededAt" IS NOT NULL) EXECUTE FUNCTION postkey_needs_proof();
CREATE TRIGGER "PendingCertificate_needs_proof" AFTER DELETE OR UPDATE OF "privateKeySealed" ON "PendingCertificate"
  FOR EACH ROW EXECUTE FUNCTION postkey_needs_proof();
CREATE TRIGGER "Authorization_needs_proof" AFTER DELETE ON "Authorization"
  FOR EACH ROW EXECUTE FUNCTION postkey_needs_proof();
CREATE TRIGGER "EmailAccount_needs_proof" AFTER DELETE ON "EmailAccount"
  FOR EACH ROW EXECUTE FUNCTION postkey_needs_proof();
CREATE TRIGGER "EmailAccount_edit_needs_proof" AFTER UPDATE OF "passwordSealed", active ON "EmailAccount" FOR EACH ROW
  WHEN (NEW.active AND NOT OLD.active OR OLD."passwordSealed" IS NOT NULL AND OLD."passwordSealed" IS DISTINCT FROM NEW."passwordSealed")
  EXECUTE FUNCTION postkey_needs_proof();
CREATE TRIGGER "EmailAccount_reach"
  AFTER INSERT OR UPDATE OF "usernameKey", mailbox, "cloudProviderId", "emailKey", "modernAuthentication", "keyKey"
  ON "EmailAccount" FOR EACH ROW EXECUTE FUNCTION postkey_reach();
CREATE TRIGGER "CloudProvider_reach" AFTER UPDATE OF "grant" ON "CloudProvider" FOR EACH ROW
  WHEN (OLD."grant" <> NEW."grant") EXECUTE FUNCTION postkey_reach_of_provider();
CREATE TRIGGER "EmailAccount_former_names" AFTER UPDATE OF "emailKey", "usernameKey", mailbox ON "EmailAccount" FOR EACH ROW
  WHEN ((OLD."emailKey", OLD."usernameKey", OLD.mailbox) IS DISTINCT FROM (NEW."emailKey", NEW."usernameKey", NEW.mailbox))
  EXECUTE FUNCTION record_former_names();
CREATE TRIGGER "EmailAccount_last_names" AFTER DELETE ON "EmailAccount" FOR EACH ROW EXECUTE FUNCTION record_former_names();

INSERT INTO "Installation" ("installationId") VALUES (gen_random_uuid());
