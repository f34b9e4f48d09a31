using System.Text;

namespace Net.Cli.Completion;

/// <summary>Writes completion scripts. Commands and options stand in the script, so that completing them starts no process;
/// names of rules, paths and the like are asked for when an argument is completed.</summary>
internal static class CompletionScripts
{
    /// <summary>The shells there are scripts for.</summary>
    public static string[] Shells { get; } = ["bash", "zsh", "fish", "pwsh"];

    /// <summary>The script for a shell.</summary>
    public static string Write(string shell, IReadOnlyList<CommandWords> commands) => shell switch
    {
        "bash" => Bash(commands),
        "zsh" => Zsh(commands),
        "fish" => Fish(commands),
        _ => PowerShell(commands),
    };

    // Walks the words left of the cursor: a word that leads to a command goes down, everything else is an option or a value.
    private static string Bash(IReadOnlyList<CommandWords> commands)
    {
        var script = new StringBuilder();
        script.Append("# bash completion of netmod: source <(netmod completion bash)\n_netmod() {\n");
        script.Append("    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} path= words= names= i\n");
        script.Append("    for ((i = 1; i < COMP_CWORD; i++)); do\n        case \"${path:+$path }${COMP_WORDS[i]}\" in\n");
        script.Append($"            {PathPattern(commands)}) path=\"${{path:+$path }}${{COMP_WORDS[i]}}\" ;;\n        esac\n    done\n");
        AppendShellCases(script, commands, "$path");
        script.Append("    if [[ -n $names && $cur != -* ]]; then\n        words+=\" $(netmod completion names \"$names\" 2>/dev/null | tr '\\n' ' ')\"\n    fi\n");
        script.Append("    COMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n}\ncomplete -o default -F _netmod netmod\n");
        return script.ToString();
    }

    private static string Zsh(IReadOnlyList<CommandWords> commands)
    {
        var script = new StringBuilder();
        script.Append("#compdef netmod\n# zsh completion of netmod: netmod completion zsh > a file _netmod in a folder of $fpath\n_netmod() {\n");
        script.Append("    local cur=${words[CURRENT]} prev=${words[CURRENT-1]} path_= names= list= i\n    local -a typed=(\"${words[@]}\")\n    local words=\n");
        script.Append("    for ((i = 2; i < CURRENT; i++)); do\n        case \"${path_:+$path_ }${typed[i]}\" in\n");
        script.Append($"            {PathPattern(commands)}) path_=\"${{path_:+$path_ }}${{typed[i]}}\" ;;\n        esac\n    done\n");

        // $path is the search path in zsh, tied to $PATH.
        AppendShellCases(script, commands, "$path_");
        script.Append("    compadd -- ${=words}\n");
        script.Append("    if [[ -n $names && $cur != -* ]]; then\n        compadd -- ${(f)\"$(netmod completion names \"$names\" 2>/dev/null)\"}\n    fi\n");
        script.Append("    [[ -z $words ]] && _files\n}\ncompdef _netmod netmod\n");
        return script.ToString();
    }

    private static string Fish(IReadOnlyList<CommandWords> commands)
    {
        var script = new StringBuilder();
        script.Append("# fish completion of netmod: netmod completion fish | source\nfunction __netmod_path\n    set -l found\n");
        script.Append("    for word in (commandline -opc)[2..]\n        set -l next (string join ' ' $found $word)\n        if contains -- $next");
        foreach (CommandWords command in commands.Where(command => command.Path.Length > 0))
        {
            script.Append($" '{command.Path}'");
        }

        script.Append("\n            set found $found $word\n        end\n    end\n    string join ' ' $found\nend\n");
        foreach (CommandWords command in commands)
        {
            string at = $"complete -c netmod -n 'test \"$(__netmod_path)\" = \"{command.Path}\"'";
            string[] below = [.. command.Words.Where(word => !word.StartsWith('-'))];
            if (below.Length > 0)
            {
                script.Append($"{at} -f -a '{string.Join(' ', below)}'\n");
            }

            if (command.Names is { } names)
            {
                script.Append($"{at} -f -a '(netmod completion names {names} 2>/dev/null)'\n");
            }

            foreach (string option in command.Words.Where(word => word.StartsWith("--", StringComparison.Ordinal)))
            {
                string value = command.Choices.TryGetValue(option, out string[]? choices)
                    ? $" -x -a '{string.Join(' ', choices)}'"
                    : command.ValueOptions.Contains(option) ? " -r" : string.Empty;
                script.Append($"{at} -l {option[2..]}{value}\n");
            }
        }

        return script.ToString();
    }

    private static string PowerShell(IReadOnlyList<CommandWords> commands)
    {
        var script = new StringBuilder();
        script.Append("# PowerShell completion of netmod: netmod completion pwsh | Out-String | Invoke-Expression\n");
        script.Append("Register-ArgumentCompleter -Native -CommandName netmod -ScriptBlock {\n    param($wordToComplete, $commandAst, $cursorPosition)\n    $words = @{\n");
        foreach (CommandWords command in commands)
        {
            script.Append($"        '{command.Path}' = @({Quoted(command.Words)})\n");
        }

        script.Append("    }\n    $choices = @{\n");
        foreach ((CommandWords command, string option, string[] values) in Choices(commands))
        {
            script.Append($"        '{command.Path}|{option}' = @({Quoted(values)})\n");
        }

        script.Append("    }\n    $names = @{\n");
        foreach (CommandWords command in commands.Where(command => command.Names is not null))
        {
            script.Append($"        '{command.Path}' = '{command.Names}'\n");
        }

        script.Append("    }\n    $path = ''\n    $previous = ''\n");
        script.Append("    foreach ($element in $commandAst.CommandElements | Select-Object -Skip 1) {\n        if ($element.Extent.EndOffset -ge $cursorPosition) { break }\n");
        script.Append("        $previous = $element.Extent.Text\n        $next = \"$path $previous\".Trim()\n        if ($words.ContainsKey($next)) { $path = $next }\n    }\n");
        script.Append("    $found = $choices[\"$path|$previous\"]\n    if (-not $found) {\n        $found = $words[$path]\n");
        script.Append("        if ($names[$path] -and -not $wordToComplete.StartsWith('-')) { $found = @(netmod completion names $names[$path] 2>$null) + $found }\n    }\n");
        script.Append("    $found | Where-Object { $_ -like \"$wordToComplete*\" } | ForEach-Object {\n");
        script.Append("        $text = if ($_ -match '\\s') { \"'$_'\" } else { $_ }\n");
        script.Append("        [System.Management.Automation.CompletionResult]::new($text, $_, 'ParameterValue', $_)\n    }\n}\n");
        return script.ToString();
    }

    // The same cases serve bash and zsh.
    private static void AppendShellCases(StringBuilder script, IReadOnlyList<CommandWords> commands, string path)
    {
        script.Append($"    case \"{path}\" in\n");
        foreach (CommandWords command in commands)
        {
            string names = command.Names is { } kind ? $" names={kind}" : string.Empty;
            script.Append($"        '{command.Path}') words='{string.Join(' ', command.Words)}'{names} ;;\n");
        }

        script.Append($"    esac\n    case \"{path}|$prev\" in\n");
        foreach ((CommandWords command, string option, string[] values) in Choices(commands))
        {
            script.Append($"        '{command.Path}|{option}') words='{string.Join(' ', values)}' names= ;;\n");
        }

        script.Append("    esac\n");
    }

    private static IEnumerable<(CommandWords Command, string Option, string[] Values)> Choices(IReadOnlyList<CommandWords> commands) =>
        commands.SelectMany(command => command.Choices.Select(choice => (command, choice.Key, choice.Value)));

    private static string PathPattern(IReadOnlyList<CommandWords> commands) =>
        string.Join('|', commands.Where(command => command.Path.Length > 0).Select(command => $"'{command.Path}'"));

    private static string Quoted(IEnumerable<string> words) => string.Join(", ", words.Select(word => $"'{word}'"));
}
