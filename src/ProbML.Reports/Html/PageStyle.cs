namespace ProbML.Reports.Html;

/// <summary>How a page looks: on a screen, light or dark, and on paper. Plots keep their white ground, to stay legible.</summary>
internal static class PageStyle
{
    public const string Css = """
        :root{color-scheme:light dark;--ink:#1f2328;--soft:#59636e;--paper:#ffffff;--line:#d1d9e0;--head:#f3f5f7;--link:#0a58ca}
        @media (prefers-color-scheme:dark){:root{--ink:#e6e9ec;--soft:#a5adb5;--paper:#15181c;--line:#3a4149;--head:#21262c;--link:#79b0ff}}
        *{box-sizing:border-box}
        body{margin:0 auto;max-width:86rem;padding:1rem 1.5rem 3rem;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
        h1{font-size:1.7rem;line-height:1.25;margin:.6rem 0;overflow-wrap:anywhere}
        h2{font-size:1.25rem;margin:2.4rem 0 .4rem;padding-top:.8rem;border-top:1px solid var(--line);overflow-wrap:anywhere}
        p{max-width:60rem;margin:.4rem 0;overflow-wrap:anywhere}
        a{color:var(--link)}
        nav ul{display:flex;flex-wrap:wrap;gap:.2rem 1.2rem;list-style:none;padding:0;margin:.4rem 0}
        .plots{display:flex;flex-wrap:wrap;gap:1rem;align-items:flex-start;margin:.8rem 0}
        figure{margin:0;min-width:0;break-inside:avoid}
        figure svg{display:block;width:100%;height:auto;background:#fff;border:1px solid var(--line);border-radius:6px}
        figure svg[aria-label="Reconstructions"] image{image-rendering:pixelated}
        figcaption{font-size:.88rem;color:var(--soft);margin:.35rem .2rem 0}
        .table{overflow-x:auto;margin:.8rem 0}
        table{border-collapse:collapse;font-size:.92rem;font-variant-numeric:tabular-nums}
        caption{text-align:left;font-weight:600;padding:.2rem 0}
        th,td{padding:.22rem .8rem;text-align:right;border-bottom:1px solid var(--line);vertical-align:top}
        thead th{background:var(--head)}
        th:first-child{text-align:left}
        tbody th{font-weight:500;max-width:28rem;overflow-wrap:anywhere}
        td{max-width:40rem;overflow-wrap:anywhere}
        summary{cursor:pointer;margin:.6rem 0}
        footer{margin-top:2.5rem;color:var(--soft);font-size:.85rem}
        @media print{body{max-width:none;padding:0;background:#fff;color:#000}nav{display:none}.table{overflow:visible}tr{break-inside:avoid}h2{break-after:avoid}}
        """;
}
