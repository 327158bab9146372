using System.Globalization;

namespace ChatAuth;

/// <content>What doctor finds: severity, fact, and the command or click that mends it.</content>
internal static partial class Errors
{
    /// <summary>The solution is not installed.</summary>
    public static Finding SolutionMissing() => Grave(5401, $"The solution ChatAuth is not installed.", "Run chatauth deploy.");
    /// <summary>An older solution is installed.</summary>
    public static Finding SolutionOld(string installed, string carried) => Light(5402, $"The solution is {installed}, older than {carried}, which deploy would import.", "Run chatauth deploy.");
    /// <summary>One of the two steps is not there.</summary>
    public static Finding StepMissing(string message) => Grave(5403, $"The step of {message} is not there, so the call answers with nothing.", "Run chatauth deploy.");
    /// <summary>One of the two steps is disabled.</summary>
    public static Finding StepDisabled(string message) => Grave(5404, $"The step of {message} is disabled, so the call answers with nothing.", "Run chatauth deploy.");
    /// <summary>One of the two steps is registered otherwise than deploy does.</summary>
    public static Finding StepElsewhere(string message, string fact) => Grave(5405, $"The step of {message} {fact}.", "Delete it in the Plug-in Registration Tool, then run chatauth deploy.");
    /// <summary>One of the two steps reads other keys, or none.</summary>
    public static Finding StepReadsOtherKeys(string message) => Grave(5406, $"The step of {message} reads another secure configuration than ChatAuth's.", "Run chatauth deploy.");
    /// <summary>Cached instances may not know the keys.</summary>
    public static Finding StepNotTouched(string message) => Light(5407, $"The step of {message} was not touched after the keys changed, so plug-in instances may use older ones: a command was interrupted.", "Run chatauth deploy.");
    /// <summary>The step has other settings than the file.</summary>
    public static Finding StepSettingsDiffer(string members) => Grave(5408, $"The step of chatauth_IssueChatToken has other settings than the settings file: {members}.", "Run chatauth deploy, or correct the settings file.");
    /// <summary>Somebody else's step on one of the two messages.</summary>
    public static Finding ForeignStep(string name, string message, bool enabled) => enabled
        ? Grave(5409, $"The step '{name}' on {message} is not ChatAuth's, and can read or change the answer.", "Delete it in the Plug-in Registration Tool, and the system jobs it left, which may hold tokens.")
        : Light(5409, $"The step '{name}' on {message} is not ChatAuth's; it is disabled.", "Delete it in the Plug-in Registration Tool.");
    /// <summary>A flow waits for one of the two messages.</summary>
    public static Finding CatalogTrigger(string name, string message) => Grave(5410, $"The trigger '{name}' hands what {message} answers to a flow.", "Turn off the flow (When an action is performed), and delete its runs, which may hold tokens.");
    /// <summary>No key signs.</summary>
    public static Finding NoKeySigns(string fact) => Grave(5411, $"No key signs: {fact}.", "Run chatauth deploy.");
    /// <summary>The signing key expires and nothing follows.</summary>
    public static Finding KeyExpiresSoon(string keyId, string when) => Light(5412, $"The signing key '{keyId}' expires {when}, and no other follows it.", "Run chatauth rotate.");
    /// <summary>A key that is published and never signs.</summary>
    public static Finding KeyLeftPending(string keyId) => Light(5413, $"The key '{keyId}' is pending: a deployment or rotation was interrupted.", "Run chatauth deploy if no key signs, else chatauth rotate.");
    /// <summary>The keys came with a copy of another environment.</summary>
    public static Finding KeysOfAnotherOrganization() => Grave(5414, $"The keys were made for another organization: this environment is a copy.", "Run chatauth deploy here for keys of its own; then rotate and revoke the old key in the original, since this copy holds it too.");
    /// <summary>Tokens cannot be verified.</summary>
    public static Finding SigningKeyNotServed(string target, string keyId) => Grave(5415, $"{target} does not serve the signing key '{keyId}'.", "Run chatauth deploy.");
    /// <summary>Tokens of another key cannot be verified.</summary>
    public static Finding KeyNotServed(string target, string keyId) => Light(5416, $"{target} does not serve the key '{keyId}', which is to be published.", "Run chatauth deploy.");
    /// <summary>Tokens that this environment has not issued are accepted.</summary>
    public static Finding ForeignKeyServed(string target, string keyId) => Grave(5417, $"{target} serves the key '{keyId}', which this environment does not publish: tokens signed by it are accepted.", "Run chatauth deploy; if another environment publishes there, give each a place of its own.");
    /// <summary>A key URL does not answer.</summary>
    public static Finding KeysNotReachable(string target, string fact) => Grave(5418, $"{target} is not reachable: {fact}.", "Check the address and that anyone may read it; then run chatauth deploy.");
    /// <summary>A key URL answers with a web page.</summary>
    public static Finding KeysAreWebPage(string target) => Grave(5419, $"{target} answers with a web page, not with keys.", "Make the site public and the page anonymous, with its header and footer off.");
    /// <summary>A key URL answers with another text.</summary>
    public static Finding KeysAreNone(string target) => Grave(5420, $"{target} serves something other than public keys.", "Run chatauth deploy.");
    /// <summary>Caches outlive a change of keys.</summary>
    public static Finding KeysCached(string url, string span) => Light(5421, $"{url} may be cached for {span} (Cache-Control), so changed keys arrive late.", "Let it be cached for an hour at most, or rotate with --lead twice as long.");
    /// <summary>What a file's host serves is not known here.</summary>
    public static Finding ServedUnknown(string target) => Light(5422, $"{target} is not on this machine, and the settings file names no URL for it, so nobody knows what is served.", "Give the entry of \"publish\" its \"url\".");
    /// <summary>The step has no callers.</summary>
    public static Finding CallersEmpty() => Grave(5423, $"The step's settings list no callers, so every call is refused.", "Run chatauth deploy.");
    /// <summary>The plug-in refuses its settings.</summary>
    public static Finding StepSettingsRefused(string refusal) => Grave(5424, $"The plug-in refuses the step's settings ({refusal}).", "Run chatauth deploy.");
    /// <summary>A caller has no user.</summary>
    public static Finding CallerUnknown(string application) => Grave(5425, $"The caller {application} is no application user of this environment.", "Add it in the Power Platform admin center (application users), or correct \"callers\".");
    /// <summary>A caller's user is disabled.</summary>
    public static Finding CallerDisabled(string application) => Grave(5426, $"The application user of the caller {application} is disabled.", "Activate it in the Power Platform admin center, or take it out of \"callers\".");
    /// <summary>A caller cannot read what its tokens are made of.</summary>
    public static Finding CallerLacksPrivilege(string application, string privilege) => Grave(5427, $"The caller {application} lacks {privilege}, so its calls are refused.", "Give its application user a security role with that privilege.");
    /// <summary>A table that the settings name is not there.</summary>
    public static Finding TableUnknown(string table) => Grave(5428, $"The table {table}, which the settings file names, does not exist here.", "Correct the settings file, or install what brings the table.");
    /// <summary>A column that the settings name is not there.</summary>
    public static Finding ColumnUnknown(string table, string column) => Grave(5429, $"The column {column} of {table}, which the settings file needs, does not exist, so no token is issued.", "Correct the settings file.");
    /// <summary>A mapped column is guarded by column security.</summary>
    public static Finding ColumnSecured(string table, string column) => Light(5430, $"The column {column} of {table} is secured: a caller without a profile for it reads it as empty, and the token leaves it out.", "Add each caller to a column security profile that reads it, or map another column.");
    /// <summary>The record of the chat authentication settings is not there.</summary>
    public static Finding ChatSettingsMissing(string name) => Grave(5431, $"There are no chat authentication settings '{name}'.", "Run chatauth deploy.");
    /// <summary>The record of the chat authentication settings says something else.</summary>
    public static Finding ChatSettingsDiffer(string name) => Grave(5432, $"The chat authentication settings '{name}' differ from the settings file.", "Run chatauth deploy.");
    /// <summary>No widget uses the chat authentication settings.</summary>
    public static Finding ChatSettingsUnused(string name) => Grave(5433, $"No chat widget uses the chat authentication settings '{name}', so no chat is authenticated by them.", "Name the widget in \"widgets\" of \"authenticationSettings\" and run chatauth deploy.");
    /// <summary>A widget has no, or other, chat authentication settings.</summary>
    public static Finding WidgetNotLinked(string widget) => Grave(5434, $"The chat widget '{widget}' does not use the chat authentication settings of the settings file.", "Run chatauth deploy.");
    /// <summary>The plug-in trace is on.</summary>
    public static Finding TraceOn(string level) => Grave(5435, $"The plug-in trace is set to {level}, and its rows have a column for the secure configuration: the keys.", "Set it to Off: Settings, Administration, System Settings, Customization.");
    /// <summary>The plug-in trace holds the keys.</summary>
    public static Finding TraceHoldsKeys() => Grave(5436, $"Rows of the plug-in trace hold the secure configuration of ChatAuth: the keys.", "Delete them (Settings, Plug-in Trace Log), then run chatauth rotate and revoke the old key.");
    /// <summary>Steps cannot be written.</summary>
    public static Finding CustomizationsBlocked() => Light(5437, $"Unmanaged customizations are blocked, so deploy, rotate and revoke cannot write the steps.", "Switch the block off for their run: admin center, environment, Settings, Features.");
    /// <summary>Contacts that Omnichannel does not link.</summary>
    public static Finding ContactsNotLinked() => Light(5438, $"Some active contacts have another status reason than the standard one: Omnichannel links them to no chat, silently.", "Give them the status reason Active (1).");
    /// <summary>Two clocks differ.</summary>
    public static Finding ClockOff(string distance) => Light(5439, $"The clock of this machine is {distance} that of the environment, and keys get their dates from it.", "Set the clock of this machine.");
    /// <summary>Something that could not be looked at.</summary>
    public static Finding NotChecked(string subject, string reason) => Grave(5448, $"Not checked: {subject}. {reason}.", "Mend that, or sign in as a system administrator, and run chatauth doctor again.");
    /// <summary>The verdict.</summary>
    public static CodedError EnvironmentNotSound(int errors) => Of(5449, $"Errors found: {errors}. Mend each as it says, then run chatauth doctor again.");

    private static Finding Grave(int code, FormattableString fact, string remedy) => Found(Severity.Error, code, fact, remedy);

    private static Finding Light(int code, FormattableString fact, string remedy) => Found(Severity.Warning, code, fact, remedy);

    private static Finding Found(Severity severity, int code, FormattableString fact, string remedy) => new(Of(code, $"").Code, severity, fact.ToString(CultureInfo.InvariantCulture), remedy);
}
