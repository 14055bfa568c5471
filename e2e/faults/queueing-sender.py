# A client that keeps its messages in a folder until one of the servers has taken them, as a device with a
# queue does: it is killed at any moment and started again. A reply that is final is written down.
import os, ssl, smtplib, time

queue, user, password = os.environ["QUEUE"], os.environ["USER_NAME"], os.environ["PASSWORD"]
ports = [int(port) for port in os.environ["PORTS"].split(",")]
context = ssl.create_default_context(cafile=os.environ["CA"])


def send_some(port):
    client = smtplib.SMTP_SSL("localhost", port, context=context, timeout=60)
    client.login(user, password)
    for name in sorted(os.listdir(queue))[:5]:
        file = os.path.join(queue, name)
        with open(file, "rb") as message:
            client.sendmail(user, [user], message.read())
        os.unlink(file)
    client.quit()


turn = int(os.environ["TURN"])
while os.listdir(queue):
    try:
        send_some(ports[turn % len(ports)])
    except smtplib.SMTPResponseException as error:
        print("final" if error.smtp_code >= 500 else "later", error.smtp_code, flush=True)
    except smtplib.SMTPRecipientsRefused as error:
        print("recipients", error.recipients, flush=True)
    except (OSError, smtplib.SMTPException):
        pass  # the gateway is gone for a moment
    turn += 1
    time.sleep(0.1)
