using System.Text.Json.Serialization.Metadata;

namespace Net.Engine.State;

/// <summary>A member of a section of the document: what generations are compared by, hashed by and written by.</summary>
/// <param name="Section">Name of the section as it is written; of a value that stands beside the sections its own name.</param>
/// <param name="Member">Name in the section; empty for a value that stands beside the sections.</param>
/// <param name="Get">Reads it from a document.</param>
/// <param name="Value">How the whole of it is written.</param>
/// <param name="Element">How one of its elements is written, where it is a list of records; else null.</param>
internal sealed record DocumentPart(string Section, string Member, Func<object, object?> Get, JsonTypeInfo Value, JsonTypeInfo? Element);
