#!/bin/sh
# Reads the newest subject of a mailbox and sends one message, with a token from Postkey.
# Needs curl and jq.
set -eu

token=$(curl -fsS -H "Authorization: Bearer $POSTKEY_API_KEY" \
  "$POSTKEY_URL/api/emailAccounts/$POSTKEY_ACCOUNT/accessToken")
value() { printf %s "$token" | jq -r "$1"; }

# Pass the token in a file that only this user can read: every user can see the arguments of a command.
umask 077
config=$(mktemp)
mail=$(mktemp)
trap 'rm -f "$config" "$mail"' EXIT
printf 'oauth2-bearer = "%s"\n' "$(value .access_token)" > "$config"

# Implicit TLS or STARTTLS, never clear text (--ssl-reqd).
url() {
  [ "$(value ".hosts.$1.tls")" = implicit ] && scheme=$1s || scheme=$1
  printf '%s://%s:%s' "$scheme" "$(value ".hosts.$1.host")" "$(value ".hosts.$1.port")"
}

status=0
curl -fsS -K "$config" --login-options AUTH=XOAUTH2 --user "$(value .users.imap):" --ssl-reqd \
  "$(url imap)/INBOX;MAILINDEX=*;SECTION=HEADER.FIELDS%20(SUBJECT)" || status=$?
case $status in
  0) ;;
  # curl's code for an empty inbox.
  78) echo "The inbox is empty." >&2 ;;
  *) echo "The mailbox was not read (curl: $status), and nothing was sent." >&2; exit 1 ;;
esac

from=$(value .email_address)
printf 'From: %s\r\nTo: %s\r\nSubject: Hello from the shell\r\n\r\nSent with a token from Postkey.\r\n' \
  "$from" "$MAIL_TO" > "$mail"
curl -fsS -K "$config" --login-options AUTH=XOAUTH2 --user "$(value .users.smtp):" --ssl-reqd \
  --mail-from "$from" --mail-rcpt "$MAIL_TO" --upload-file "$mail" \
  "$(url smtp)" || { echo "The message was not sent (curl: $?)." >&2; exit 1; }
echo sent
