namespace Microsoft.ML.NTM.Transformers.Traces;

/// <summary>The colours of a <see cref="TracePicture"/>: for light viewers, and for dark ones where the viewer says so.</summary>
internal static class TracePictureTheme
{
    /// <summary>The style of all parts. Blue is above 0, red below; teal is read, amber written.</summary>
    public const string Style = """
        <style>
        path, rect { shape-rendering: crispEdges }
        .ground { fill: #eff1f4 } .none { fill: #d7dbe1 }
        .value { fill: #0b3f9e } .below { fill: #b3172e } .read { fill: #0b615a } .write { fill: #a34c00 }
        .name { fill: #1b1f24; font-weight: 600 } .soft { fill: #5d6673; font-size: 11px } .axis { fill: #5d6673; font-size: 10px }
        @media (prefers-color-scheme: dark) {
        .ground { fill: #21262e } .none { fill: #3a414c }
        .value { fill: #8ec2ff } .below { fill: #ff8a7a } .read { fill: #4ee3d1 } .write { fill: #ffc247 }
        .name { fill: #e8eaee } .soft, .axis { fill: #9aa4b2 }
        }
        </style>

        """;
}
