using Microsoft.Playwright;

namespace Microsoft.ML.NTM.Tests.Transformers.Traces;

/// <summary>A page in a real browser, the one that the machine has; where it has none, the test is inconclusive.</summary>
internal sealed class Browser : IAsyncDisposable
{
    private static readonly string[] s_places =
    [
        "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/usr/bin/microsoft-edge", "/snap/bin/chromium",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome", "/Applications/Chromium.app/Contents/MacOS/Chromium",
        @"C:\Program Files\Google\Chrome\Application\chrome.exe", @"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
    ];

    private static IPlaywright? s_playwright;
    private static IBrowser? s_browser;

    private readonly IPage _page;

    private Browser(IPage page)
    {
        _page = page;
        page.PageError += (_, error) => Complaints.Add(error);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
                Complaints.Add(message.Text);
        };
        page.Request += (_, request) => Requests.Add(request.Url);
    }

    /// <summary>Errors and warnings of the page.</summary>
    public List<string> Complaints { get; } = [];

    /// <summary>What the page asked for, itself first.</summary>
    public List<string> Requests { get; } = [];

    /// <summary>A page with a file, in the one browser of all tests of a class; <see cref="Close"/> ends it.</summary>
    public static async Task<Browser> Open(string file)
    {
        string? program = Environment.GetEnvironmentVariable("CHROMIUM_PATH") ?? s_places.FirstOrDefault(File.Exists);
        if (program is null)
            Assert.Inconclusive("There is no Chromium, Chrome or Edge where they usually are; CHROMIUM_PATH can name one.");
        s_playwright ??= await Playwright.Playwright.CreateAsync();
        s_browser ??= await s_playwright.Chromium.LaunchAsync(
            new BrowserTypeLaunchOptions { ExecutablePath = program, Args = ["--no-sandbox"] });
        var browser = new Browser(await s_browser.NewPageAsync());
        await browser._page.GotoAsync(new Uri(file).AbsoluteUri);
        return browser;
    }

    public Task Press(string key) => _page.Keyboard.PressAsync(key);

    public Task<string> Text(string selector) => _page.Locator(selector).First.InnerTextAsync();

    public Task HoverFirstCell(string selector) =>
        _page.Locator(selector).HoverAsync(new LocatorHoverOptions { Position = new Position { X = 1, Y = 1 } });

    public Task<T> Evaluate<T>(string script) => _page.EvaluateAsync<T>(script);

    public ValueTask DisposeAsync() => new(_page.CloseAsync());

    public static async Task Close()
    {
        if (s_browser is not null)
            await s_browser.DisposeAsync();
        s_playwright?.Dispose();
        (s_browser, s_playwright) = (null, null);
    }
}
