<?php
// Reads the newest subject of a mailbox and sends one message, with a token from Postkey.
// Needs the curl extension (Debian and Ubuntu: apt install php-curl).

if (!extension_loaded('curl')) {
    fwrite(STDERR, "This program needs PHP's curl extension. On Debian and Ubuntu: apt install php-curl\n");
    exit(1);
}

function fetch(string $url, array $options): string
{
    $curl = curl_init($url);
    curl_setopt_array($curl, $options + [CURLOPT_RETURNTRANSFER => true]);
    $answer = curl_exec($curl);
    if ($answer === false) {
        throw new RuntimeException(curl_error($curl), curl_errno($curl));
    }
    return $answer;
}

$account = getenv('POSTKEY_ACCOUNT');
$token = json_decode(fetch(getenv('POSTKEY_URL') . "/api/emailAccounts/$account/accessToken", [
    CURLOPT_HTTPHEADER => ['Authorization: Bearer ' . getenv('POSTKEY_API_KEY')],
    CURLOPT_FAILONERROR => true,
]), true, flags: JSON_THROW_ON_ERROR);

// Implicit TLS or STARTTLS, never clear text.
$url = fn (string $protocol, array $host) =>
    $protocol . ($host['tls'] === 'implicit' ? 's' : '') . "://{$host['host']}:{$host['port']}";
$signIn = fn (string $user) => [
    CURLOPT_USE_SSL => CURLUSESSL_ALL,
    CURLOPT_USERNAME => $user,
    CURLOPT_XOAUTH2_BEARER => $token['access_token'],
    CURLOPT_LOGIN_OPTIONS => 'AUTH=XOAUTH2',
];

try {
    echo fetch($url('imap', $token['hosts']['imap']) . '/INBOX;MAILINDEX=*;SECTION=HEADER.FIELDS%20(SUBJECT)', $signIn($token['users']['imap']));
} catch (RuntimeException $failure) {
    // curl's code for an empty inbox.
    if ($failure->getCode() !== 78) {
        throw $failure;
    }
    fwrite(STDERR, "The inbox is empty.\n");
}

$from = $token['email_address'];
$to = getenv('MAIL_TO');
$mail = fopen('php://memory', 'r+');
fwrite($mail, "From: $from\r\nTo: $to\r\nSubject: Hello from PHP\r\n\r\nSent with a token from Postkey.\r\n");
rewind($mail);
fetch($url('smtp', $token['hosts']['smtp']), $signIn($token['users']['smtp']) + [
    CURLOPT_MAIL_FROM => $from,
    CURLOPT_MAIL_RCPT => [$to],
    CURLOPT_UPLOAD => true,
    CURLOPT_READDATA => $mail,
]);
echo "sent\n";
