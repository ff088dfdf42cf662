using Microsoft.Playwright;

namespace ProbML.Studio.Tests;

/// <summary>The whole way in a real browser; screenshots go to the folder of the test's output.</summary>
public sealed class BrowserTests
{
    private static readonly string? Chromium = new[]
    {
        Environment.GetEnvironmentVariable("PROBML_CHROMIUM"), "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome",
    }.FirstOrDefault(File.Exists);

    private static readonly string Screenshots = Path.Combine(AppContext.BaseDirectory, "screenshots");

    [Fact]
    public async Task A_user_goes_from_a_file_to_a_prediction()
    {
        await using var host = await StudioHost.StartAsync();
        await using var browser = await Browser.OpenAsync(host);
        var page = browser.Page;
        string folder = Directory.CreateTempSubdirectory("probml-studio").FullName;
        string file = Path.Combine(folder, "shops.csv");
        await File.WriteAllTextAsync(file, Tables.Mixed(), TestContext.Current.CancellationToken);
        await page.GotoAsync("/");
        await browser.ShotAsync("1-upload");
        await page.GetByLabel("CSV or TSV file").SetInputFilesAsync(file);
        await page.GetByRole(AriaRole.Button, new() { Name = "Upload" }).ClickAsync();
        await page.GetByLabel("The column to predict").SelectOptionAsync("visits");
        Assert.True(await page.GetByLabel("How many events?").IsCheckedAsync(), "A count suggests its question.");
        Directory.Delete(folder, recursive: true);
        await browser.ShotAsync("2-question");
        await page.GetByRole(AriaRole.Button, new() { Name = "See the models" }).ClickAsync();
        await browser.ShotAsync("3-models");
        await page.GetByRole(AriaRole.Button, new() { Name = "Train and compare" }).ClickAsync();
        await browser.ShotAsync("4-training");
        await page.GetByRole(AriaRole.Heading, new() { Name = "Comparison on held-out rows" }).WaitForAsync(new() { Timeout = 60_000 });
        await browser.ShotAsync("5-results");
        await page.GetByRole(AriaRole.Link, new() { Name = "Poisson regression" }).ClickAsync();
        await page.GetByLabel("And what if one column were different?").SelectOptionAsync("size");
        await page.GetByRole(AriaRole.Button, new() { Name = "Predict" }).ClickAsync();
        await Assertions.Expect(page.Locator("#answer")).ToContainTextAsync("expected");
        await browser.ShotAsync("6-model");
        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { Name = "C# project" }).ClickAsync());
        Assert.Equal("poisson-project.zip", download.SuggestedFilename);
        await page.GetByRole(AriaRole.Link, new() { Name = "Drift" }).ClickAsync();
        await browser.ShotAsync("7-drift");
        await page.GetByRole(AriaRole.Button, new() { Name = "End and delete my data" }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "Your session has ended" }).WaitForAsync();
        Assert.Empty(browser.Complaints);
    }

    [Fact]
    public async Task The_keyboard_alone_is_enough()
    {
        await using var host = await StudioHost.StartAsync();
        await using var browser = await Browser.OpenAsync(host);
        var page = browser.Page;
        await page.GotoAsync("/");
        await page.Keyboard.PressAsync("Tab");
        Assert.Equal("Skip to the content", await FocusedAsync(page));
        await TabToAsync(page, "Car insurance claims");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**/data");
        await TabToAsync(page, "target");
        await page.Keyboard.TypeAsync("Claims");
        await TabToAsync(page, "scenario-Count");
        await TabToAsync(page, "See the models");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**/models");
        await TabToAsync(page, "Train and compare");
        await page.Keyboard.PressAsync("Enter");
        await page.GetByRole(AriaRole.Heading, new() { Name = "Comparison on held-out rows" }).WaitForAsync(new() { Timeout = 60_000 });
        await TabToAsync(page, "Poisson regression");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**/poisson");
        await TabToAsync(page, "Predict");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**/poisson#answer");
        await Assertions.Expect(page.Locator("#answer")).ToBeFocusedAsync();
        Assert.Empty(browser.Complaints);
    }

    /// <summary>What has the focus: its text, or what it is called in the page.</summary>
    private static Task<string> FocusedAsync(IPage page) => page.EvaluateAsync<string>(
        "(document.activeElement.matches('a, button') ? document.activeElement.textContent : document.activeElement.id).trim()");

    /// <summary>Presses the Tab key until something has the focus, as a person without a mouse does.</summary>
    private static async Task TabToAsync(IPage page, string wanted)
    {
        for (int i = 0; i < 120; i++)
        {
            await page.Keyboard.PressAsync("Tab");
            if (await FocusedAsync(page) == wanted)
                return;
        }
        Assert.Fail($"The Tab key does not reach '{wanted}'.");
    }

    private sealed class Browser(IPlaywright playwright, IBrowser browser, IPage page, List<string> complaints) : IAsyncDisposable
    {
        public IPage Page => page;

        /// <summary>Errors of scripts, refusals of the content security policy, labels that lack.</summary>
        public IReadOnlyList<string> Complaints => complaints;

        public static async Task<Browser> OpenAsync(StudioHost host)
        {
            Assert.SkipWhen(Chromium is null, "There is no Chromium: install the package chromium, or name one in PROBML_CHROMIUM.");
            var playwright = await Playwright.CreateAsync();
            var browser = await playwright.Chromium.LaunchAsync(new()
            {
                ExecutablePath = Chromium, Args = ["--no-sandbox", "--disable-dev-shm-usage"],
            });
            var page = await browser.NewPageAsync(new() { BaseURL = host.Address.ToString(), ViewportSize = new() { Width = 1280, Height = 900 } });
            var complaints = new List<string>();
            page.PageError += (_, error) => complaints.Add(error);
            page.Console += (_, message) =>
            {
                if (message.Type is "error" or "warning")
                    complaints.Add(message.Text);
            };
            return new(playwright, browser, page, complaints);
        }

        /// <summary>Pictures of the page on a desk and on a phone; what is asked of every page is asked here.</summary>
        public async Task ShotAsync(string name)
        {
            Directory.CreateDirectory(Screenshots);
            foreach (int width in (int[])[420, 1280])
            {
                await page.SetViewportSizeAsync(width, 900);
                await page.ScreenshotAsync(new() { Path = Path.Combine(Screenshots, $"{name}-{width}.png"), FullPage = true });
                int wider = await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
                if (wider > 0)
                    complaints.Add($"{name} is {wider} pixels wider than {width}.");
            }
            complaints.AddRange((await page.EvaluateAsync<string[]>(Checks)).Select(complaint => $"{name}: {complaint}"));
        }

        public async ValueTask DisposeAsync()
        {
            await browser.CloseAsync();
            playwright.Dispose();
        }

        /// <summary>Fields and buttons without a name, headings that skip a level, ids that occur twice, text without contrast.</summary>
        private const string Checks = """
            () => {
                const complaints = [];
                for (const field of document.querySelectorAll("input:not([type=hidden]), select, textarea")) {
                    if (field.labels.length === 0 && !field.ariaLabel && !document.getElementById(field.getAttribute("aria-labelledby")))
                        complaints.push("a field without a label: " + field.outerHTML.slice(0, 80));
                }
                for (const control of document.querySelectorAll("button, a[href]")) {
                    if (control.textContent.trim() === "" && !control.ariaLabel)
                        complaints.push("nothing to read: " + control.outerHTML.slice(0, 80));
                }
                for (const image of document.querySelectorAll("img:not([alt])"))
                    complaints.push("a picture without words: " + image.src);
                let level = 0;
                for (const heading of document.querySelectorAll("h1, h2, h3, h4")) {
                    const next = Number(heading.tagName[1]);
                    if (next > level + 1) complaints.push("a heading skips a level: " + heading.textContent);
                    level = next;
                }
                if (document.querySelectorAll("h1").length !== 1) complaints.push("not one h1");
                const ids = [...document.querySelectorAll("[id]")].map(element => element.id);
                for (const id of ids.filter((id, i) => ids.indexOf(id) !== i)) complaints.push("an id twice: " + id);
                for (const reference of document.querySelectorAll("[aria-describedby], [aria-labelledby]")) {
                    for (const id of ((reference.getAttribute("aria-describedby") ?? "") + " " + (reference.getAttribute("aria-labelledby") ?? "")).trim().split(/\s+/)) {
                        if (document.getElementById(id) === null) complaints.push("a name that is nowhere: " + id);
                    }
                }
                const channels = color => color.match(/[\d.]+/g).map(Number);
                const luminance = ([r, g, b]) => [r, g, b].map(c => c / 255).map(c => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
                    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
                const behind = element => {
                    for (let at = element; at !== null; at = at.parentElement) {
                        const color = channels(getComputedStyle(at).backgroundColor);
                        if (color.length < 4 || color[3] > 0) return color;
                    }
                    return [255, 255, 255];
                };
                for (const element of document.querySelectorAll("body *")) {
                    if (![...element.childNodes].some(node => node.nodeType === 3 && node.textContent.trim() !== "") || element.getClientRects().length === 0) continue;
                    const [light, dark] = [luminance(channels(getComputedStyle(element).color)), luminance(behind(element))].sort((a, b) => b - a);
                    const ratio = (light + 0.05) / (dark + 0.05);
                    if (ratio < 4.5) complaints.push(`contrast ${ratio.toFixed(2)}: ` + element.textContent.trim().slice(0, 40));
                }
                return [...new Set(complaints)];
            }
            """;
    }
}
