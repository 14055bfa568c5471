import { chmod, mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import type { TestCertificate } from "./test-certificate";

export type DovecotOptions = {
  dir: string;
  ports: { imap: number; imaps: number; pop3: number; pop3s: number };
  certificate: TestCertificate;
  issuer: string;
  audience: string;
  publicKeys: Record<string, string>;
  clientIds: readonly string[];
  password: string;
  /** Kept open at once, where that is more than Dovecot's hundred. */
  connections?: number | undefined;
};

/** Writes Dovecot's files and returns the path of its configuration. */
export async function writeDovecotConfig(options: DovecotOptions): Promise<string> {
  const { dir } = options;
  // Mail is delivered and read as the user `nobody`, who needs to enter these folders.
  for (const folder of [dir, path.join(dir, "home")]) {
    await mkdir(folder, { recursive: true });
    await chmod(folder, 0o755);
  }
  await chmod(path.join(dir, "home"), 0o777);
  await writeKeys(options);
  const file = path.join(dir, "dovecot.conf");
  await writeFile(file, dovecotConfig(options));
  return file;
}

// Local validation looks a key up as <azp claim, or "default">/<algorithm>/<kid>.
async function writeKeys({ dir, publicKeys, clientIds }: DovecotOptions): Promise<void> {
  for (const party of ["default", ...clientIds]) {
    const folder = path.join(dir, "keys", party, "RS256");
    await mkdir(folder, { recursive: true });
    for (const [keyId, pem] of Object.entries(publicKeys))
      await writeFile(path.join(folder, keyId), pem);
  }
}

// Nested blocks need lines of their own. `audience` takes one value: a second makes every token
// fail. The mechanisms are Exchange Online's; OAUTHBEARER would be preferred if it were offered.
function dovecotConfig(options: DovecotOptions): string {
  const { dir, ports, certificate } = options;
  return `dovecot_config_version = 2.4.0
dovecot_storage_version = 2.4.0
base_dir = ${dir}/run
state_dir = ${dir}/state
log_path = ${dir}/dovecot.log
listen = 127.0.0.1
protocols = imap pop3 lmtp
ssl = required
ssl_server_cert_file = ${certificate.certFile}
ssl_server_key_file = ${certificate.keyFile}
auth_mechanisms = xoauth2 plain
auth_failure_delay = 0
mail_max_userip_connections = 1000
mail_driver = maildir
mail_home = ${dir}/home/%{user | lower}
mail_path = ~/Maildir
mail_uid = nobody
mail_gid = nogroup
first_valid_uid = 1
first_valid_gid = 1
oauth2 {
  introspection_mode = local
  username_attribute = upn
  username_validation_format = %{user | lower}
  issuers = ${options.issuer}
  audience = ${options.audience}
  oauth2_local_validation {
    dict fs {
      fs posix {
        prefix = ${dir}/keys/
      }
    }
  }
}
passdb static {
  password = ${options.password}
}
userdb static {
  fields {
    uid = nobody
    gid = nogroup
    home = ${dir}/home/%{user | lower}
  }
}
service auth {
  unix_listener ${dir}/queue/private/auth {
    mode = 0660
    user = postfix
    group = postfix
  }
}
service lmtp {
  unix_listener ${dir}/queue/private/dovecot-lmtp {
    mode = 0600
    user = postfix
    group = postfix
  }
}
${manyConnections(options)}service imap-login {
  inet_listener imap {
    port = ${ports.imap}
  }
  inet_listener imaps {
    port = ${ports.imaps}
    ssl = yes
  }
}
service pop3-login {
  inet_listener pop3 {
    port = ${ports.pop3}
  }
  inet_listener pop3s {
    port = ${ports.pop3s}
    ssl = yes
  }
}
service imap {
  restart_request_count = 1000
}
service pop3 {
  restart_request_count = 1000
}
`;
}

// A process for each connection would need an inotify instance for each, of which Linux gives a user
// 128. What inotify does not tell, because it came between two commands, is looked for every second
// instead of every half minute.
function manyConnections({ connections }: DovecotOptions): string {
  if (connections === undefined) return "";
  return `default_client_limit = ${4 * connections}
mailbox_idle_check_interval = 1 secs
service imap-login {
  client_limit = ${2 * connections}
  restart_request_count = unlimited
}
service imap {
  client_limit = 50
}
`;
}
