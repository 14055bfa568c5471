# Reads the newest subjects of a mailbox and sends one message, with a token from Postkey.
import imaplib, json, os, smtplib, ssl, urllib.request
from email import message_from_bytes
from email.message import EmailMessage

url = f"{os.environ['POSTKEY_URL']}/api/emailAccounts/{os.environ['POSTKEY_ACCOUNT']}/accessToken"
headers = {"Authorization": f"Bearer {os.environ['POSTKEY_API_KEY']}"}
with urllib.request.urlopen(urllib.request.Request(url, headers=headers)) as response:
    token = json.load(response)


def xoauth2(user):
    return f"user={user}\x01auth=Bearer {token['access_token']}\x01\x01"


secure = ssl.create_default_context()
host = token["hosts"]["imap"]
if host["tls"] == "implicit":
    imap = imaplib.IMAP4_SSL(host["host"], host["port"], ssl_context=secure)
else:
    imap = imaplib.IMAP4(host["host"], host["port"])
    imap.starttls(ssl_context=secure)
imap.authenticate("XOAUTH2", lambda _: xoauth2(token["users"]["imap"]).encode())
status, [count] = imap.select("INBOX", readonly=True)
if status != "OK":
    raise SystemExit(f"The mailbox was not read, and nothing was sent: {count}")
if int(count) > 0:
    first = max(1, int(count) - 4)
    status, messages = imap.fetch(f"{first}:*", "(BODY.PEEK[HEADER.FIELDS (SUBJECT)])")
    if status != "OK":
        raise SystemExit(f"The mailbox was not read, and nothing was sent: {messages}")
    for message in messages:
        if isinstance(message, tuple):
            print(message_from_bytes(message[1])["Subject"])
imap.logout()

message = EmailMessage()
message["From"] = token["email_address"]
message["To"] = os.environ["MAIL_TO"]
message["Subject"] = "Hello from Python"
message.set_content("Sent with a token from Postkey.")

host = token["hosts"]["smtp"]
if host["tls"] == "implicit":
    smtp = smtplib.SMTP_SSL(host["host"], host["port"], context=secure)
else:
    smtp = smtplib.SMTP(host["host"], host["port"])
    smtp.starttls(context=secure)
with smtp:
    smtp.ehlo()
    smtp.auth("XOAUTH2", lambda challenge=None: xoauth2(token["users"]["smtp"]))
    smtp.send_message(message)
print("sent")
