using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>
/// Leaves in a documentation file what users can name: the members that PublicAPI.*.txt lists, by their name and their number of
/// parameters. The compiler writes those of internal types as well.
/// </summary>
public sealed class PublicDocumentationTask : Task
{
    /// <summary>The compiler's file, which is changed.</summary>
    [Required]
    public ITaskItem Documentation { get; set; }

    /// <summary>The lists of public members.</summary>
    [Required]
    public ITaskItem[] PublicMembers { get; set; }

    public override bool Execute()
    {
        var known = new HashSet<string>(PublicMembers.SelectMany(list => File.ReadLines(list.ItemSpec)).Select(Listed));
        XDocument file = XDocument.Load(Documentation.ItemSpec, LoadOptions.PreserveWhitespace);
        XElement[] others = file.Descendants("member").Where(member => !known.Contains(Documented(member.Attribute("name").Value))
            && !IsExtension(member.Attribute("name").Value, known)).ToArray();
        if (others.Length == 0)
            return true;
        foreach (XElement member in others)
        {
            (member.PreviousNode as XText)?.Remove();
            member.Remove();
        }
        file.Save(Documentation.ItemSpec, SaveOptions.DisableFormatting);
        return true;
    }

    // "static Space.Type<T>.Member<U>(First! a, Second<V, W> b = 1) -> Result": "Space.Type.Member/2"; an accessor: its property.
    static string Listed(string line)
    {
        string text = Regex.Replace(line.Split(new[] { " -> " }, StringSplitOptions.None)[0],
            @"^(~|\[\w+\]|static |const |override |abstract |virtual |readonly |sealed )+", "");
        text = Regex.Replace(text, @"\.(get|set|init)$", "");
        if (!text.Contains("("))
            return Plain(text.Split('=')[0].Trim().Replace(".this[", ".Item(").Replace("]", ")")) + Count(text, '[', ']');
        int open = text.IndexOf('(');
        string name = Plain(text.Substring(0, open));
        string[] parts = name.Split('.');
        if (parts.Length > 1 && parts[parts.Length - 1] == parts[parts.Length - 2])
            name = string.Join(".", parts.Take(parts.Length - 1)) + ".#ctor";
        return name + Count(text.Substring(open), '(', ')');
    }

    // "M:Space.Type`1.Member``1(First,Second{V,W})": "Space.Type.Member/2".
    static string Documented(string id)
    {
        string text = Regex.Replace(id.Substring(2), @"``?\d+(?=[.(]|$)", "");
        int open = text.IndexOf('(');
        return open < 0 ? text + (id[0] == 'M' ? "/0" : "") : text.Substring(0, open) + Count(text.Substring(open), '(', ')');
    }

    // Blocks of extensions have names that only compilers know.
    static bool IsExtension(string id, HashSet<string> known)
    {
        int at = id.IndexOf(".<", StringComparison.Ordinal);
        return at > 0 && known.Contains(id.Substring(2, at - 2));
    }

    static string Plain(string name)
    {
        string plain = Regex.Replace(name, @"<(?!Clone)[^<>]*>", "");
        int open = plain.IndexOf('(');
        return open < 0 ? plain : plain.Substring(0, open);
    }

    // The parameters in the list that text begins with or holds, by commas that are in no brackets within it.
    static string Count(string text, char open, char close)
    {
        int start = text.IndexOf(open);
        if (start < 0)
            return "";
        int depth = 0, count = 0;
        for (int i = start; i < text.Length; i++)
        {
            char c = text[i];
            if (c == '(' || c == '[' || c == '{' || c == '<')
                depth++;
            else if (c == ')' || c == ']' || c == '}' || c == '>')
                depth--;
            else if (depth == 1 && c == ',')
                count++;
            if (depth == 0)
                return "/" + (text.Substring(start + 1, i - start - 1).Trim().Length == 0 ? 0 : count + 1);
        }
        return "";
    }
}
